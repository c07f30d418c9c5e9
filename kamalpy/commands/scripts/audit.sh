# audit TEXT: append a line with $tags to Kamal's audit log, the file $log; an empty $log writes nothing
audit() {
  [ -n "$log" ] || return 0
  mkdir -p .kamal
  printf '[%s] %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$tags" "$1" >>"$log"
}
