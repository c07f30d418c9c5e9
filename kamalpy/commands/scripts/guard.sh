# Revert a deploy once its connection, PID START of its sshd, has ended: then no client can commit or revert it. Words:
# as below; after -- the command that restores the route.
. ./session.sh
. ./words.sh
: "${connection?} ${name?} ${aside?} ${marker?} ${token?} ${stop?}"
. ./undo.sh
trap '' HUP INT TERM PIPE
lost='' tries=0
while pending; do
  # shellcheck disable=SC2086  # "PID START"
  if alive $connection || worker_runs; then
    pause
  elif [ -z "$lost" ]; then
    lost=yes
    sleep 1 # a commit that was sent before the connection ended arrives first
  elif output=$(undo "$@" 2>&1); then
    break
  elif [ "$tries" -lt 60 ]; then
    tries=$((tries + 1))
    sleep 5
  else
    output=$(printf %s "$output" | tr '\n' ' ')
    echo "$name could not be taken back after its connection was lost: $output" >"$marker.note"
    break
  fi
done
