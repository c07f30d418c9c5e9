# Print a service's containers and images with the disk space of each. Words: as below.
. ./words.sh
: "${service?} ${repository?}"
CONTAINER='#container {"id":{{json .Id}},"name":{{json .Name}},"status":{{json .State.Status}},"started":{{json .State.StartedAt}},"created":{{json .Created}},"image":{{json .Image}},"labels":{{json .Config.Labels}},"bytes":{{if .SizeRw}}{{json .SizeRw}}{{else}}0{{end}}}'
IMAGE='#image {"id":{{json .ID}},"tags":{{json .RepoTags}},"bytes":{{json .Size}}}'
command -v docker >/dev/null 2>&1 || exit 0
ids=$(docker ps --all --quiet --no-trunc --filter "label=service=$service") || exit 1
# shellcheck disable=SC2086  # ids
[ -z "$ids" ] || docker inspect --size --type container --format "$CONTAINER" $ids
images=$({
  docker image ls --quiet --no-trunc "$repository"
  docker image ls --quiet --no-trunc --filter "label=service=$service"
} | sort -u)
# shellcheck disable=SC2086  # ids
[ -z "$images" ] || docker image inspect --format "$IMAGE" $images
all=$(docker ps --all --quiet --no-trunc)
# shellcheck disable=SC2086  # ids
[ -z "$all" ] || docker inspect --type container --format '#used {{.Id}} {{.Image}}' $all 2>/dev/null
true
