# Print the version of a role that serves. Words: as below.
. ./current.sh
. ./words.sh
: "${prefix?} ${latest?} ${service?} ${role?} ${destination?}"
id=$(current)
[ -z "$id" ] || version_of "$id"
