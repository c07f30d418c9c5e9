# Run a command in a new container like another one: with its image, variables, volumes and network. Words:
# as below; after -- docker's flags, count of them, and the command.
. ./audit.sh
. ./current.sh
. ./environment.sh
. ./words.sh
: "${container?} ${image?} ${prefix?} ${latest?} ${service?} ${role?} ${destination?}"
: "${how?} ${name?} ${log?} ${tags?} ${event?} ${count?}"
new_line='
'

# the named container; else the one that serves; else the last one
id=''
[ -z "$container" ] || id=$(docker inspect --type container --format '{{.Id}}' "$container" 2>/dev/null) || id=''
if [ -n "$id" ]; then
  image=''
elif [ -z "$container" ] || [ -n "$image" ]; then
  id=$(current)
  [ -n "$id" ] || id=$(of_role --all | head -n 1)
fi
[ -n "$id" ] || {
  echo "${container:-$prefix} has never run here, so that nothing tells which variables it has; deploy it first" >&2
  exit 125
}
inspect() { docker inspect --type container --format "$1" "$id"; }
version=$(version_of "$id")
[ -z "$image" ] || version=${image##*:}
name=$prefix-exec-${version:+$version-}$name
[ -n "$image" ] || image=$(inspect '{{.Image}}')
audit "$event$version"

all=$# seen=0
while [ "$seen" -lt "$all" ]; do
  [ "$seen" -ne "$count" ] || set -- "$@" "$image"
  set -- "$@" "$1"
  shift
  seen=$((seen + 1))
done
while IFS= read -r each; do
  [ -z "$each" ] || set -- --volume "$each" "$@"
done <<EOF
$(inspect '{{range .HostConfig.Binds}}{{println .}}{{end}}')
EOF
# its secrets, where they are files
mounted=$(inspect '{{range .HostConfig.Mounts}}{{if eq .Target "/run/secrets"}}{{.Type}}{{end}}{{end}}')
[ "$mounted" != volume ] || {
  mounted=$(inspect '{{range .Mounts}}{{if eq .Destination "/run/secrets"}}{{.Name}}{{end}}{{end}}')
  set -- --mount "type=volume,source=$mounted,target=/run/secrets,volume-nocopy,readonly" "$@"
}
environment "$id"
for each in $multiline; do set -- --env "$each" "$@"; done
[ -z "$role" ] || set -- --env "KAMAL_CONTAINER_NAME=$name" "$@"
set -- --name "$name" --network "$(inspect '{{.HostConfig.NetworkMode}}')" --env-file /dev/fd/3 "$@"

# end the container once the client is gone
leave() {
  while read -r _; do :; done
  docker rm -f "$name"
}
# shellcheck disable=SC2329  # called by a trap
gone() {
  docker rm -f "$name" >/dev/null 2>&1
  exit 129
}

case $how in
  detach) set -- --detach "$@" ;;
  terminal | input)
    trap gone HUP TERM
    set -- --rm "$@" ;;
  *)
    set -- --rm "$@"
    exec 4<&0 </dev/null
    leave <&4 >/dev/null 2>&1 &
    waiting=$! ;;
esac
docker run "$@" 3<<EOF
$plain
EOF
status=$?
[ -z "${waiting-}" ] || kill "$waiting" 2>/dev/null
exit "$status"
