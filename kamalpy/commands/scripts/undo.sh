# Undo a boot. Uses $name $aside $marker $token $stop; "$@" restores the route.
# The marker file has the state of a deploy that is not committed yet: TOKEN STAGE CONTAINER PID START. The stage is
# booting, healthy or switched; no other process acts before the one that wrote it has ended.

# pending: whether this deploy is not committed yet
pending() {
  [ -r "$marker" ] && read -r holder stage marked worker <"$marker" && [ "$holder" = "$token" ]
}

# mark STAGE CONTAINER: write the state of this deploy, atomically
mark() {
  own=$(process $$)
  mkdir -p "${marker%/*}" && echo "$token $1 $2 $$ ${own%% *}" >"$marker.$$" && mv "$marker.$$" "$marker"
}

# decide committed|undone [PID START]: decide how this deploy ends, and by which process, unless that is decided; fails
# where it ends the other way. On a full disk the file stays empty, and decides nothing.
decide() {
  ! (set -C; echo "$token $*" >"$marker.end") 2>/dev/null || return 0
  [ -s "$marker.end" ] || sleep 1 # another process may be writing it
  [ ! -s "$marker.end" ] || decided "$1"
}

# decided committed|undone: whether this deploy ends like that
decided() {
  read -r decider ended _ <"$marker.end" 2>/dev/null && [ "$decider $ended" = "$token $1" ]
}

# worker_runs: whether the process that wrote the marker still runs
worker_runs() {
  # shellcheck disable=SC2086  # "PID START"
  [ -n "$worker" ] && alive $worker
}

# unless TEXT COMMAND...: run a command that may fail with TEXT; any other output is printed
unless() {
  harmless=$1
  shift
  output=$("$@" 2>&1) && return
  case $output in
    *"$harmless"*) ;;
    *) printf '%s\n' "$output" >&2; return 1 ;;
  esac
}

# gone CONTAINER: remove what was run, stop what was only started
gone() {
  if [ -n "$aside" ]; then
    unless 'No such container' docker rm -f "$1"
  else
    unless 'No such container' docker stop -t "$stop" "$1"
  fi
}

back_to_its_name() {
  [ -n "$aside" ] && docker inspect --type container "$aside" >/dev/null 2>&1 || return 0
  docker rename "$aside" "$name"
}

# undo: restore the route, remove the new container, rename the old one back, unless it is committed. Where a switch
# had failed, the proxy may have no route to remove.
undo() {
  own=$(process $$)
  pending && decide undone $$ "${own%% *}" || return 0
  if [ "$stage" = switched ] && [ $# -gt 0 ]; then
    unless 'service not found' "$@" || return 1
  fi
  if [ "$marked" != - ]; then
    [ "$stage" = booting ] || docker stop -t "$stop" "$marked" >/dev/null 2>&1
    gone "$marked" || return 1
  fi
  back_to_its_name || return 1
  rm -f "$marker" "$marker.note"
}
