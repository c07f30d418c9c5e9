# Take back a deploy that is not committed. Words: as below, then those that point the proxy back.
. ./session.sh
. ./audit.sh
. ./undo.sh
trap '' PIPE
name=$1 aside=$2 marker=$3 token=$4 stop=$5 log=$6 tags=$7 event=$8
shift 8
pending || exit 0
# a boot that is under way takes itself back; the proxy brings to an end what it was told
[ "$stage" != booting ] || ! at_work || kill -TERM "${worker% *}" 2>/dev/null
while pending && at_work; do nap; done
undo "$@" && audit "$log" "$tags" "$event"
