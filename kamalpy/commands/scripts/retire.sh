# Commit: whoever guards stands down, the release is remembered, old containers stop, the new image is the
# latest, old ones go. Words: as below, then the filters that all containers of this role have. The record
# of a release that is new is on stdin; of one that has come back it is there.
. ./audit.sh
. ./sweep.sh
trap '' PIPE
service=$1
shift
name=$1 marker=$2 stop=$3 image=$4 latest=$5 retain=$6 log=$7 tags=$8
shift 8
prefix=$1 role=$2 assets=$3 pages=$4 how=$5 kept=$6 env=$7 prune=$8
shift 8
# shellcheck disable=SC2086  # markers are several words of ours
rm -f $marker

# remember what this release is, its secrets included, in a folder of its own; the last twenty stay
remember() {
  umask 077
  rm -rf "$kept.new"
  mkdir -p "$kept.new" && cat >"$kept.new/release.json" || return 1
  for each in "$env" "$env.odd"; do
    [ ! -e "$each" ] || cp -p "$each" "$kept.new/env${each#"$env"}" || return 1
  done
  docker image inspect --format '{{.ID}}{{range .RepoDigests}},{{.}}{{end}}' "$image" >"$kept.new/image" 2>/dev/null
  rm -rf "$kept" && mv "$kept.new" "$kept" || return 1
  # shellcheck disable=SC2012  # names of ours: versions
  ls -1t "${kept%/*}" | tail -n +21 | while read -r each; do rm -rf "${kept%/*}/${each:?}"; done
}

# the secrets of a release that has come back are those of the role again
recall() {
  umask 077
  mkdir -p "${env%/*}" && touch "$kept" || return 1
  for each in env env.odd; do
    rm -f "$env${each#env}"
    [ ! -e "$kept/$each" ] || cp -p "$kept/$each" "$env${each#env}" || return 1
  done
}

case $how in
  new) (remember) || echo 'cannot remember what this release is; a rollback will not bring back its settings' >&2 ;;
  back) [ ! -d "$kept" ] || (recall) || echo 'cannot put the secrets of this release into their place' >&2 ;;
esac

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

[ -n "$prune" ] || exit 0

# all but the newest so many that are stopped; only what is of this role and destination
old=$(docker ps -q -a "$@" --filter status=created --filter status=exited --filter status=dead |
  tail -n "+$((retain + 1))")
if [ -n "$old" ]; then
  for each in $old; do docker rm "$each" >/dev/null; done
  audit "$log" "$tags" 'Pruned containers'
fi
sweep

# images of this repository that no container has, not even a stopped one
repository=${latest%:*}
if [ -n "$repository" ]; then
  used=$(docker ps -a --no-trunc --format '{{.Image}}')
  gone=$(docker image ls --format '{{.Repository}}:{{.Tag}}' "$repository" | while read -r each; do
    case $each in "$repository":latest* | "$image" | *:'<none>') continue ;; esac
    printf '%s\n' "$used" | grep -qxF "$each" || { docker rmi "$each" >/dev/null 2>&1 && echo "$each"; }
  done
  docker image prune --force --filter "label=service=$service" 2>/dev/null | sed '/^Total/d')
  [ -z "$gone" ] || audit "$log" "$tags" 'Pruned images'
fi
true
