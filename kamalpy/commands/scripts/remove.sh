# Stop containers and remove them. Words: as below; stop is seconds, or nothing; after -- containers.
. ./audit.sh
. ./sweep.sh
. ./words.sh
: "${stop?} ${log?} ${tags?} ${event?}"
docker stop ${stop:+-t "$stop"} "$@" >/dev/null 2>&1
docker rm --force "$@" >/dev/null || exit 1
sweep
audit "$event"
