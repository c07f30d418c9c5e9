# Print what a container writes. Words: as below; after -- options of grep.
. ./current.sh
. ./leave.sh
. ./words.sh
: "${container?} ${latest?} ${service?} ${role?} ${destination?}"
: "${follow?} ${times?} ${since?} ${lines?} ${pattern?}"

id=$(chosen '{{.Id}}')
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
