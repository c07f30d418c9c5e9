#!/bin/bash
# Run what came over SSH, and log it: a line when it starts, a line when it ends. A command that matches the
# expression in /run/fleet-gate waits before it starts, until that file is gone.
log=/var/log/fleet-execs.tsv
if [ -z "${SSH_ORIGINAL_COMMAND+set}" ]; then
  exec "$SHELL" -l
fi
command=${SSH_ORIGINAL_COMMAND//\\/\\\\}
command=${command//$'\n'/\\n}
command=${command//$'\t'/\\t}
port=${SSH_CLIENT#* }
start=$EPOCHREALTIME
printf 'start\t%s\t%s\t%s\t%s\t%s\n' $$ "$start" "$USER" "${port% *}" "$command" >>"$log"
if [ -r /run/fleet-gate ] && grep -qEf /run/fleet-gate <<<"$SSH_ORIGINAL_COMMAND"; then
  touch /run/fleet-gate-reached
  while [ -e /run/fleet-gate ]; do sleep 0.02; done
fi
"$SHELL" -c "$SSH_ORIGINAL_COMMAND"
status=$?
printf 'end\t%s\t%s\t%s\n' $$ "$EPOCHREALTIME" "$status" >>"$log"
exit "$status"
