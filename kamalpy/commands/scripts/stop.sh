# Stop containers, after the proxy has forgotten them. Words: what the proxy knows them by (or nothing), seconds
# to stop in (or nothing: the image's own time), audit log, its tags, its text, containers.
. ./audit.sh
. ./proxy.sh
service=$1 seconds=$2 log=$3 tags=$4 text=$5
shift 5
[ -z "$service" ] || kamal_proxy remove "$service" >/dev/null || exit 1
[ $# -eq 0 ] || docker stop ${seconds:+-t "$seconds"} "$@" >/dev/null || exit 1
audit "$log" "$tags" "$text"
