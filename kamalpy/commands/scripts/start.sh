# Start a container, and have the proxy send requests to it. Words: name, audit log, its tags, its text, what the
# proxy knows it by (or nothing), its port, options of the proxy.
. ./audit.sh
. ./steady.sh
. ./proxy.sh
name=$1 log=$2 tags=$3 text=$4 service=$5 port=$6
shift 6
docker start "$name" >/dev/null || exit 1
if [ -n "$service" ]; then
  id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
  kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@" >/dev/null || exit 1
else
  steady "$name" || exit 1
fi
audit "$log" "$tags" "$text"
