# Point the proxy at a container, and say so where a guard waits. Words: as below, then those of the proxy.
. ./session.sh
. ./undo.sh
. ./proxy.sh
trap '' PIPE
name=$1 marker=$2 token=$3 service=$4 port=$5
shift 5
id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
! pending || mark switched "$id"
kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@"
