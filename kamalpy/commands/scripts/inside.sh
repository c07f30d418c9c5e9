# Run a command in a container that runs. Words: as below; after -- docker's flags, count of them,
# and the command.
. ./audit.sh
. ./current.sh
. ./words.sh
: "${container?} ${prefix?} ${latest?} ${service?} ${role?} ${destination?}"
: "${log?} ${tags?} ${event?} ${count?}"

id=$(chosen '{{if .State.Running}}{{.Id}}{{end}}')
[ -n "$id" ] || {
  echo "${container:-$prefix} does not run here; without --reuse the command gets a container of its own" >&2
  exit 125
}
audit "$event$(version_of "$id")"

all=$# seen=0
while [ "$seen" -lt "$all" ]; do
  [ "$seen" -ne "$count" ] || set -- "$@" "$id"
  set -- "$@" "$1"
  shift
  seen=$((seen + 1))
done
exec docker exec "$@"
