# Stop containers, after removing their route. Words: as below; service is their name in the proxy, or
# nothing, stop seconds, or nothing for the image's own time; after -- containers.
. ./audit.sh
. ./proxy.sh
. ./words.sh
: "${service?} ${stop?} ${log?} ${tags?} ${event?}"
[ -z "$service" ] || kamal_proxy remove "$service" >/dev/null || exit 1
[ $# -eq 0 ] || docker stop ${stop:+-t "$stop"} "$@" >/dev/null || exit 1
audit "$event"
