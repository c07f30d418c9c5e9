# Append a line to the audit log. Words: file, tags, text.
. ./audit.sh
audit "$1" "$2" "$3"
