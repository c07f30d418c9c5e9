# owner FOLDER: print the state of a lock's owner: alive, silent (no renewal for two minutes), dead, unknown. Its lease
# is PID START TOKEN of the connection, with dashes where that is unknown.
owner() {
  # shellcheck disable=SC2034
  [ -r "$1/lease" ] || { echo unknown; return; }
  read -r pid start _ <"$1/lease" || :
  if [ "$pid" != - ] && ! alive "$pid" "$start"; then
    echo dead
  elif [ -z "$(find "$1/lease" -mmin -2 2>/dev/null)" ]; then
    echo silent
  else
    echo alive
  fi
}
