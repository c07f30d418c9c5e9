# Run a command line in the shell of this user. Words: as below.
. ./audit.sh
. ./leave.sh
. ./words.sh
: "${log?} ${tags?} ${event?} ${how?} ${line?}"
audit "$event"
[ "$how" = alone ] || exec "${SHELL:-/bin/sh}" -c "$line"
exec 4<&0 </dev/null
leave <&4 >/dev/null 2>&1 &
waiting=$!
"${SHELL:-/bin/sh}" -c "$line" 4<&-
status=$?
kill "$waiting" 2>/dev/null
exit "$status"
