#!/bin/bash
# Runs what came over SSH, and logs it: a line when it starts, a line when it ends.
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
"$SHELL" -c "$SSH_ORIGINAL_COMMAND"
status=$?
printf 'end\t%s\t%s\t%s\n' $$ "$EPOCHREALTIME" "$status" >>"$log"
exit "$status"
