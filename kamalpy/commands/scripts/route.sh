# Route requests to a container. Words: as below; after -- options of the proxy.
. ./proxy.sh
. ./words.sh
: "${name?} ${service?} ${port?}"
id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@"
