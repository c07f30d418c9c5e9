# Stop containers and remove them. Words: seconds to stop in (or nothing), audit log, its tags, its text,
# containers.
. ./audit.sh
. ./sweep.sh
seconds=$1 log=$2 tags=$3 text=$4
shift 4
docker stop ${seconds:+-t "$seconds"} "$@" >/dev/null 2>&1
docker rm --force "$@" >/dev/null || exit 1
sweep
audit "$log" "$tags" "$text"
