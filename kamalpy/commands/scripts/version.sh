# Print the version of a role that serves. Words: as below.
. ./current.sh
prefix=$1 latest=$2
shift 2
id=$(current "$latest" "$@")
[ -z "$id" ] || version_of "$id" "$prefix"
