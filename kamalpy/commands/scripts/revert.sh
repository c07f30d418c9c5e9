# Take back a deploy that is not committed. Words: as below, then those that point the proxy back.
. ./session.sh
. ./audit.sh
. ./undo.sh
trap '' PIPE
name=$1 aside=$2 marker=$3 token=$4 stop=$5 log=$6 tags=$7 event=$8
shift 8
pending || exit 0
if [ "$stage" = booting ] && [ "$marked" = - ]; then
  # docker is about to run the container: its boot takes it back, as soon as it has it
  mark reverted -
  tries=0
  while pending && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    nap
  done
fi
undo "$@" && audit "$log" "$tags" "$event"
