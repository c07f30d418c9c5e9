# Point the proxy at a container. Words: its name, the service, the port, options of the proxy.
. ./proxy.sh
name=$1 service=$2 port=$3
shift 3
id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@"
