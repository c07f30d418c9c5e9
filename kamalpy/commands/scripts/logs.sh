# Print what a container writes. Words: as below, then options of grep.
. ./current.sh
. ./leave.sh
container=$1 latest=$2 service=$3 role=$4 destination=$5
shift 5
follow=$1 times=$2 since=$3 lines=$4 pattern=$5
shift 5

if [ -n "$container" ]; then
  id=$(docker inspect --type container --format '{{.Id}}' "$container" 2>/dev/null) || id=''
else
  id=$(current "$latest" "$service" "$role" "$destination")
fi
[ -n "$id" ] || exit 66

written() {
  set -- "$id"
  [ -z "$follow" ] || set -- --follow "$@"
  [ -z "$times" ] || set -- --timestamps "$@"
  [ -z "$since" ] || set -- --since "$since" "$@"
  [ -z "$lines" ] || set -- --tail "$lines" "$@"
  docker logs "$@" 2>&1 </dev/null
}

if [ -n "$follow" ]; then
  exec 4<&0 </dev/null
  leave <&4 >/dev/null 2>&1 &
  waiting=$!
  ! echo | grep --line-buffered '' >/dev/null 2>&1 || set -- --line-buffered "$@"
fi
if [ -n "$pattern" ]; then
  written | grep "$@" -e "$pattern"
  status=$?
  [ "$status" -ne 1 ] || status=0 # nothing found
else
  written
  status=$?
fi
[ -z "${waiting-}" ] || kill "$waiting" 2>/dev/null
exit "$status"
