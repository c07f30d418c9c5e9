# Taking back what a boot began. Uses $name $aside $marker $token $stop; "$@" points the proxy back.
# The marker file says how far a deploy is that is not committed yet: TOKEN STAGE CONTAINER, where the
# stage is booting, healthy or switched, or reverted: whoever boots must clean up and take the marker away.

# pending: whether this very deploy still waits for its commit
pending() {
  [ -r "$marker" ] && read -r holder stage marked <"$marker" && [ "$holder" = "$token" ]
}

# mark STAGE CONTAINER: say how far this deploy is
mark() {
  mkdir -p "${marker%/*}" && echo "$token $1 $2" >"$marker"
}

# undo: the route back, the new container gone, the old one under its own name
undo() {
  pending || return 0
  if [ "$stage" = switched ] && [ $# -gt 0 ]; then
    "$@" || return 1
  fi
  if [ "$marked" != - ]; then
    [ "$stage" = booting ] || docker stop -t "$stop" "$marked" >/dev/null 2>&1
    docker rm -f "$marked" >/dev/null 2>&1
  fi
  if docker inspect --type container "$aside" >/dev/null 2>&1; then
    docker rename "$aside" "$name" || return 1
  fi
  rm -f "$marker"
}

# guard PID START: undo as soon as that process is gone: nobody is there any more to commit or to revert
guard() {
  trap '' HUP INT TERM
  watched=$1 since=$2
  shift 2
  while pending && [ "$stage" != reverted ]; do
    alive "$watched" "$since" || { undo "$@"; return; }
    nap
  done
}
