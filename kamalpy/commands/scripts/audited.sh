# Print the last lines of the audit log, if there is one. Words: as below.
. ./words.sh
: "${log?} ${lines?}"
[ ! -e "$log" ] || tail -n "$lines" "$log"
