# Take images' names away, and each image with its last name; what some container runs from stays. Words: audit
# log, its tags, its text, images.
. ./audit.sh
log=$1 tags=$2 text=$3
shift 3
for image; do
  docker image rm --force "$image" >/dev/null 2>&1 && continue
  if [ -n "$(docker ps --quiet --filter "ancestor=$image")" ]; then
    echo "$image stays: a container runs from it"
  else
    docker image rm --force "$image" >/dev/null || exit 1
  fi
done
audit "$log" "$tags" "$text"
