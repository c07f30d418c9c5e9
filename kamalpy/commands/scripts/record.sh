# Append a line to the audit log. Words: as below.
. ./audit.sh
. ./words.sh
: "${log?} ${tags?} ${event?}"
audit "$event"
