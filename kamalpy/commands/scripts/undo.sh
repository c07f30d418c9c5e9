# Taking back what a boot began. Uses $name $aside $marker $token $stop; "$@" points the proxy back.
# The marker file says how far a deploy is that is not committed yet: TOKEN STAGE CONTAINER PID START. The stage
# is booting, healthy or switched, and the process the one that said so: nobody else acts before it has ended.

# pending: whether this very deploy still waits for its commit
pending() {
  [ -r "$marker" ] && read -r holder stage marked worker <"$marker" && [ "$holder" = "$token" ]
}

# mark STAGE CONTAINER: say how far this deploy is, in one piece for whoever reads it meanwhile
mark() {
  own=$(process $$)
  mkdir -p "${marker%/*}" && echo "$token $1 $2 $$ ${own%% *}" >"$marker.$$" && mv "$marker.$$" "$marker"
}

# decide committed|undone [PID START]: whoever comes first decides how this deploy ends, and names the process
# that brings it there; fails where it ends the other way. On a full disk the file stays empty, and decides nothing.
decide() {
  ! (set -C; echo "$token $*" >"$marker.end") 2>/dev/null || return 0
  [ -s "$marker.end" ] || sleep 1 # somebody may be writing it
  [ ! -s "$marker.end" ] || decided "$1"
}

# decided committed|undone: whether this deploy ends like that
decided() {
  read -r decider ended _ <"$marker.end" 2>/dev/null && [ "$decider $ended" = "$token $1" ]
}

# worker_runs: whether the process that has said so goes on
worker_runs() {
  # shellcheck disable=SC2086  # "PID START"
  [ -n "$worker" ] && alive $worker
}

# unless WORDS COMMAND...: run a command, which may fail with such words; any others are shown
unless() {
  harmless=$1
  shift
  output=$("$@" 2>&1) && return
  case $output in
    *"$harmless"*) ;;
    *) printf '%s\n' "$output" >&2; return 1 ;;
  esac
}

# gone CONTAINER: what was run goes, what was only started stops
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

# undo: the route back, the new container gone, the old one under its own name, unless it is committed. Where a
# switch had failed, the proxy may know of nothing to take away.
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
