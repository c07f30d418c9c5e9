# Stop old versions of a role, tag the image of the new one as the latest, and prune. Words: as
# below, name being the container that stays; after -- the filters that all containers of this role have.
. ./words.sh
: "${name?} ${marker?} ${stop?} ${image?} ${latest?} ${retain?} ${log?} ${tags?}"
: "${service?} ${prefix?} ${role?} ${assets?} ${pages?} ${prune?}"
. ./audit.sh
. ./sweep.sh
. ./old_images.sh
trap '' PIPE
keep=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
failed=''

# stop other versions; without -t the image's own time applies
stop_old() {
  # shellcheck disable=SC2046  # ids
  set -- $(docker ps -q --no-trunc "$@" | grep -v "$keep")
  # shellcheck disable=SC2086  # a deploy that has begun since does it
  [ $# -eq 0 ] || [ -e "$marker" ] || docker stop ${stop:+-t "$stop"} "$@" >/dev/null
}

# remove assets and error pages of old versions
remove_files() {
  docker ps -a --format '{{.Names}}' "$@" | while read -r each; do
    [ "$each" = "$name" ] || rm -rf "$assets/extracted/$role-${each#"$prefix"-}" "$assets/volumes/$role-${each#"$prefix"-}"
  done
  [ ! -d "${pages%/*}" ] || find "${pages%/*}" -mindepth 1 -maxdepth 1 ! -name "${pages##*/}" -exec rm -rf {} +
}

# remove stopped containers of this role and destination, all but the newest $retain
remove_containers() {
  # shellcheck disable=SC2046  # ids
  set -- $(docker ps -q -a "$@" --filter status=created --filter status=exited --filter status=dead |
    tail -n "+$((retain + 1))")
  [ $# -gt 0 ] || return 0
  for each; do docker rm "$each" >/dev/null || failed=yes; done
  audit 'Pruned containers'
}

if [ -n "$latest" ]; then
  if docker tag "$image" "$latest"; then
    audit "Tagging $image as the latest image"
  else
    failed=yes
  fi
fi
stop_old "$@" || failed=yes
remove_files "$@" || failed=yes
if [ -n "$prune" ]; then
  remove_containers "$@"
  sweep
  [ -z "$latest" ] || remove_images "${latest%:*}"
fi
[ -e "$marker" ] || rm -f "$marker.end"
[ -z "$failed" ]
