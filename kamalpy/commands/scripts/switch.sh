# Route requests to a container, and record that for its guard. Words: as below; after --
# options of the proxy.
. ./session.sh
. ./words.sh
: "${name?} ${marker?} ${token?} ${service?} ${port?}"
. ./undo.sh
. ./proxy.sh
trap '' PIPE
id=$(docker inspect --type container --format '{{.Id}}' "$name") || exit 1
! pending || mark switched "$id"
kamal_proxy deploy "$service" "--target=$(printf %.12s "$id"):$port" "$@"
