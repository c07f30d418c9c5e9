# Stop a container and start it. Words: as below; stop is seconds, or nothing.
. ./audit.sh
. ./steady.sh
. ./words.sh
: "${name?} ${stop?} ${log?} ${tags?} ${event?}"
docker stop ${stop:+-t "$stop"} "$name" >/dev/null || exit 1
docker start "$name" >/dev/null || exit 1
steady "$name" || exit 1
audit "$event"
