# Stop old versions of a role, tag the image of the new one as the latest, and prune. Words: as
# below, name being the container that stays; after -- the filters that all containers of this role have.
. ./words.sh
: "${name?} ${marker?} ${stop?} ${image?} ${latest?} ${retain?} ${log?} ${tags?}"
: "${service?} ${prefix?} ${role?} ${assets?} ${pages?} ${prune?}"
. ./audit.sh
. ./sweep.sh
. ./old_images.sh
trap '' PIPE
failed=''

# list the other containers of this role and destination, newest first: $old has ids, $running those of them to
# stop, $names their names. One question to Docker: each takes a server more time than all else here
list_old() {
  listed=$(docker ps -a --no-trunc --format '{{.ID}},{{.Names}},{{.Status}}' "$@") || return 1
  keep='' old='' running='' names=''
  while IFS=, read -r id each status; do
    [ "$each" != "$name" ] || { keep=$id; continue; }
    names="$names $each"
    case $status in
      Up* | Restarting*) running="$running $id" old="$old $id" ;;
      Created* | Exited* | Dead*) old="$old $id" ;;
    esac
  done <<EOF
$listed
EOF
  [ -n "$keep" ] || echo "No such container: $name" >&2
  [ -n "$keep" ]
}

# stop other versions; without -t the image's own time applies. What still runs is not removed
stop_old() {
  # shellcheck disable=SC2086  # ids; a deploy that has begun since stops them
  if [ -z "$running" ] || { [ ! -e "$marker" ] && docker stop ${stop:+-t "$stop"} $running >/dev/null; }; then
    return
  fi
  stopped=''
  for each in $old; do
    case "$running " in *" $each "*) ;; *) stopped="$stopped $each" ;; esac
  done
  old=$stopped
  [ -e "$marker" ]
}

# remove assets and error pages of old versions
remove_files() {
  for each in $names; do
    rm -rf "$assets/extracted/$role-${each#"$prefix"-}" "$assets/volumes/$role-${each#"$prefix"-}"
  done
  [ ! -d "${pages%/*}" ] || find "${pages%/*}" -mindepth 1 -maxdepth 1 ! -name "${pages##*/}" -exec rm -rf {} +
}

# remove stopped containers, all but the newest $retain
remove_containers() {
  # shellcheck disable=SC2086  # ids
  set -- $old
  [ $# -gt "$retain" ] || return 0
  shift "$retain"
  docker rm "$@" >/dev/null || failed=yes
  audit 'Pruned containers'
}

list_old "$@" || exit 1
if [ -n "$latest" ]; then
  if docker tag "$image" "$latest"; then
    audit "Tagging $image as the latest image"
  else
    failed=yes
  fi
fi
stop_old || failed=yes
remove_files || failed=yes
if [ -n "$prune" ]; then
  remove_containers
  sweep
  [ -z "$latest" ] || remove_images "${latest%:*}"
fi
[ -e "$marker" ] || rm -f "$marker.end"
[ -z "$failed" ]
