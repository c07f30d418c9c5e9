# Start a container, and route requests to it. Words: as below; service is its name in the proxy, or nothing;
# after -- options of the proxy.
. ./audit.sh
. ./steady.sh
. ./proxy.sh
. ./words.sh
: "${name?} ${service?} ${port?} ${log?} ${tags?} ${event?}"
docker start "$name" >/dev/null || exit 1
if [ -n "$service" ]; then
  id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
  kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@" >/dev/null || exit 1
else
  steady "$name" || exit 1
fi
audit "$event"
