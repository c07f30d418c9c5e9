# Replace the container of a name, if there is one; it is restored if the new one fails.
# Words: as below; after -- those of docker run.
. ./audit.sh
. ./multiline.sh
. ./steady.sh
. ./sweep.sh
trap '' PIPE
. ./words.sh
: "${name?} ${aside?} ${stop?} ${log?} ${tags?} ${event?} ${multiline?}"

back() {
  docker rm -f "$name" >/dev/null 2>&1
  ! docker inspect --type container "$aside" >/dev/null 2>&1 || {
    docker rename "$aside" "$name" && docker start "$name" >/dev/null
  }
  exit 1
}

# report which container uses the port
taken() {
  case $(docker inspect --type container --format '{{.State.Error}}' "$name" 2>/dev/null) in
    *'port is already allocated'* | *'address already in use'*) ;;
    *) return ;;
  esac
  docker ps --format '{{.Names}} ({{.Image}}): {{.Ports}}' | sed -n 's/^\(.*->.*\)$/  has ports: \1/p' >&2
  [ -z "$(docker ps --quiet --filter name='^traefik$')" ] ||
    echo 'traefik is the proxy of Kamal 1; kamalpy upgrade puts kamal-proxy in its place' >&2
}

if docker inspect --type container "$name" >/dev/null 2>&1; then
  docker rename "$name" "$aside" || exit 1
  # shellcheck disable=SC2086  # a number or nothing
  docker stop ${stop:+-t $stop} "$aside" >/dev/null || back
fi
(export_multiline; "$@") >/dev/null || { taken; back; }
steady "$name" || back
docker rm "$aside" >/dev/null 2>&1
sweep
audit "$event"
