# Commit: whoever guards stands down, old containers stop, the new image is the latest, old ones go.
# Words: as below, then the filters that all containers of this role have.
. ./audit.sh
trap '' PIPE
service=$1
shift
name=$1 marker=$2 stop=$3 image=$4 latest=$5 retain=$6 log=$7 tags=$8
shift 8
prefix=$1 role=$2 assets=$3 pages=$4
shift 4
# shellcheck disable=SC2086  # markers are several words of ours
rm -f $marker

# stop whatever else of this role runs; without -t where the image's own time applies
keep=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
# shellcheck disable=SC2046,SC2086  # ids, and a number
old=$(docker ps -q --no-trunc "$@" | grep -v "$keep")
# shellcheck disable=SC2086
[ -z "$old" ] || docker stop ${stop:+-t "$stop"} $old >/dev/null

# what only old versions had: their assets, their error pages
docker ps -a --format '{{.Names}}' "$@" | while read -r each; do
  [ "$each" = "$name" ] || rm -rf "$assets/extracted/$role-${each#"$prefix"-}" "$assets/volumes/$role-${each#"$prefix"-}"
done
[ ! -d "${pages%/*}" ] || find "${pages%/*}" -mindepth 1 -maxdepth 1 ! -name "${pages##*/}" -exec rm -rf {} +

if [ -n "$latest" ]; then
  docker tag "$image" "$latest" || exit 1
  audit "$log" "$tags" "Tagging $image as the latest image"
fi

# all but the newest so many that are stopped; only what is of this role and destination
docker ps -q -a "$@" --filter status=created --filter status=exited --filter status=dead |
  tail -n "+$((retain + 1))" | while read -r each; do docker rm "$each" >/dev/null; done

# images of this repository that no container has, not even a stopped one
repository=${latest%:*}
if [ -n "$repository" ]; then
  used=$(docker ps -a --no-trunc --format '{{.Image}}')
  docker image ls --format '{{.Repository}}:{{.Tag}}' "$repository" | while read -r each; do
    case $each in "$latest" | "$image" | *:'<none>') continue ;; esac
    printf '%s\n' "$used" | grep -qxF "$each" || docker rmi "$each" >/dev/null 2>&1
  done
  docker image prune --force --filter "label=service=$service" >/dev/null 2>&1
fi
true
