# Stop a container and start it. Words: name, seconds to stop in (or nothing), audit log, its tags, its text.
. ./audit.sh
. ./steady.sh
name=$1 seconds=$2
docker stop ${seconds:+-t "$seconds"} "$name" >/dev/null || exit 1
docker start "$name" >/dev/null || exit 1
steady "$name" || exit 1
audit "$3" "$4" "$5"
