# Take back a deploy that is not committed. Words: as below; after -- what points the proxy back.
. ./session.sh
. ./words.sh
: "${name?} ${aside?} ${marker?} ${token?} ${stop?} ${log?} ${tags?} ${event?}"
. ./audit.sh
. ./undo.sh
trap '' PIPE
pending || exit 0
# a boot that is under way takes itself back; the proxy brings to an end what it was told
[ "$stage" != booting ] || ! worker_runs || kill -TERM "${worker% *}" 2>/dev/null
while pending && worker_runs; do pause; done
undo "$@" && audit "$event"
