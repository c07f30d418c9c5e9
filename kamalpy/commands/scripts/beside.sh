# Run a command in a new container that is made like another one: its image, its variables, what it mounts, its
# network. Words: as below; the number of docker's flags, those flags, the command.
. ./audit.sh
. ./current.sh
. ./environment.sh
container=$1 image=$2 prefix=$3 latest=$4
shift 4
service=$1 role=$2 destination=$3 how=$4 name=$5
shift 5
log=$1 tags=$2 event=$3 count=$4
shift 4
new_line='
'

# the container that was asked for; else the one that serves; else the last one there was
id=''
[ -z "$container" ] || id=$(docker inspect --type container --format '{{.Id}}' "$container" 2>/dev/null) || id=''
if [ -n "$id" ]; then
  image=''
elif [ -z "$container" ] || [ -n "$image" ]; then
  id=$(current "$latest" "$service" "$role" "$destination")
  [ -n "$id" ] || id=$(of_role "$service" "$role" "$destination" --all | head -n 1)
fi
[ -n "$id" ] || {
  echo "${container:-$prefix} has never run here, so that nothing tells which variables it has; deploy it first" >&2
  exit 125
}
told() { docker inspect --type container --format "$1" "$id"; }
version=$(version_of "$id" "$prefix")
[ -z "$image" ] || version=${image##*:}
name=$prefix-exec-${version:+$version-}$name
[ -n "$image" ] || image=$(told '{{.Image}}')
audit "$log" "$tags" "$event$version"

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
$(told '{{range .HostConfig.Binds}}{{println .}}{{end}}')
EOF
# its secrets, where they are files
held=$(told '{{range .HostConfig.Mounts}}{{if eq .Target "/run/secrets"}}{{.Type}}{{end}}{{end}}')
[ "$held" != volume ] || {
  held=$(told '{{range .Mounts}}{{if eq .Destination "/run/secrets"}}{{.Name}}{{end}}{{end}}')
  set -- --mount "type=volume,source=$held,target=/run/secrets,volume-nocopy,readonly" "$@"
}
environment "$id"
for each in $multiline; do set -- --env "$each" "$@"; done
[ -z "$role" ] || set -- --env "KAMAL_CONTAINER_NAME=$name" "$@"
set -- --name "$name" --network "$(told '{{.HostConfig.NetworkMode}}')" --env-file /dev/fd/3 "$@"

# whoever asked for it is gone: it ends
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
