# Run a command in a container that runs. Words: as below; the number of docker's flags, those flags, the command.
. ./audit.sh
. ./current.sh
container=$1 prefix=$2 latest=$3
shift 3
service=$1 role=$2 destination=$3
shift 3
log=$1 tags=$2 event=$3 count=$4
shift 4

if [ -n "$container" ]; then
  id=$(docker inspect --type container --format '{{if .State.Running}}{{.Id}}{{end}}' "$container" 2>/dev/null) || id=''
else
  id=$(current "$latest" "$service" "$role" "$destination")
fi
[ -n "$id" ] || {
  echo "${container:-$prefix} does not run here; without --reuse the command gets a container of its own" >&2
  exit 125
}
audit "$log" "$tags" "$event$(version_of "$id" "$prefix")"

all=$# seen=0
while [ "$seen" -lt "$all" ]; do
  [ "$seen" -ne "$count" ] || set -- "$@" "$id"
  set -- "$@" "$1"
  shift
  seen=$((seen + 1))
done
exec docker exec "$@"
