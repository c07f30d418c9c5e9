# Revert a deploy that is not committed. Words: as below; after -- the command that restores the route.
. ./session.sh
. ./words.sh
: "${name?} ${aside?} ${marker?} ${token?} ${stop?} ${log?} ${tags?} ${event?}"
. ./audit.sh
. ./undo.sh
trap '' PIPE
pending || exit 0
# a running boot undoes itself; a running switch of the proxy is waited for
[ "$stage" != booting ] || ! worker_runs || kill -TERM "${worker% *}" 2>/dev/null
while pending && worker_runs; do pause; done
undo "$@" && audit "$event"
