# Take back a deploy that is not committed. Words: as below, then those that point the proxy back.
. ./audit.sh
. ./undo.sh
trap '' PIPE
name=$1 aside=$2 marker=$3 token=$4 stop=$5 log=$6 tags=$7 event=$8
shift 8
pending || exit 0
undo "$@" && audit "$log" "$tags" "$event"
