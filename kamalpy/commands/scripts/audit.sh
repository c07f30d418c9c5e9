# audit FILE TAGS TEXT: append a line to Kamal's audit log; an empty FILE keeps none
audit() {
  [ -n "$1" ] || return 0
  mkdir -p .kamal
  printf '[%s] %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$2" "$3" >>"$1"
}
