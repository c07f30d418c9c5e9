# Start a container next to the one that serves and wait until it is healthy; otherwise undo that, as well as on
# SIGTERM or at the end of the connection, PID START of its sshd. Words: as below; after -- docker run, count words, and
# the command that restores the route. Without an aside the container exists, and is started instead of run.
. ./session.sh
. ./words.sh
: "${name?} ${aside?} ${marker?} ${token?} ${stop?} ${timeout?} ${delay?} ${wait?} ${connection?} ${guard?} ${log?} ${tags?} ${event?} ${multiline?}"
: "${probe?} ${port?} ${checks?} ${count?}"
. ./audit.sh
. ./undo.sh
. ./outlive.sh
. ./diagnose.sh
. ./proxy.sh
. ./multiline.sh
trap '' PIPE # undoing must not fail for a closed connection
trap 'unwanted=yes' TERM
unwanted=''

# first COUNT WORDS...: run the first COUNT words
first() {
  kept=$1 all=$(($# - 1)) seen=0
  shift
  while [ "$seen" -lt "$all" ]; do
    [ "$seen" -ge "$kept" ] || set -- "$@" "$1"
    shift
    seen=$((seen + 1))
  done
  "$@"
}

# let the proxy check the container's health, as a service with a host name that no request has
ask_proxy() {
  set -- "$probe" "--target=$short:$port" "--host=$probe.invalid" "--deploy-timeout=${timeout}s"
  while IFS= read -r check; do
    [ -z "$check" ] || set -- "$@" "$check"
  done <<EOF
$checks
EOF
  docker exec kamal-proxy kamal-proxy deploy "$@"
}

# the last error of the health check, from the proxy's log
proxy_answer() {
  docker logs --since "$began" kamal-proxy 2>&1 | grep -F "http://$short:" |
    sed -n 's/^.*"error":"\(.*\)"}.*$/\1/p' | tail -n 1
}

# abandoned: whether the client is gone
abandoned() {
  # shellcheck disable=SC2086  # "PID START"
  [ -n "$unwanted" ] || { [ -n "$connection" ] && ! alive $connection; }
}

# crashed: whether it restarted five times or has ended; sets $status, its own health if it has any, and $started
crashed() {
  # shellcheck disable=SC2046
  set -- $(docker inspect --type container --format '{{.State.Status}} {{.RestartCount}} {{.State.StartedAt}} {{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$id" 2>/dev/null)
  started=${3-} status=${4-}
  [ "${1:-gone}" = gone ] || [ "$1" = exited ] || [ "$1" = dead ] || [ "${2:-0}" -ge 5 ]
}

forget_probe() { docker exec kamal-proxy kamal-proxy remove "$probe" >/dev/null 2>&1; }

# Docker is asked every fifth time only: that takes a server more time than all else here
wait_for_proxy() {
  ask_proxy >/dev/null 2>&1 &
  probe_pid=$! pauses=0
  while kill -0 "$probe_pid" 2>/dev/null; do
    if abandoned || { [ "$pauses" -eq 5 ] && crashed; }; then
      kill "$probe_pid" 2>/dev/null
      break
    fi
    [ "$pauses" -lt 5 ] || pauses=0
    pauses=$((pauses + 1))
    pause
  done
  wait "$probe_pid" 2>/dev/null && ! crashed
}

# clock: print hundredths of a second, monotonic
clock() {
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

# healthy by docker's own check, or, where an image has none, running for $delay seconds without a restart
wait_for_docker() {
  now=$(clock) steady='' since=0
  deadline=$((now + timeout * 100))
  while ! abandoned && ! crashed; do
    case $status in
      healthy) return 0 ;;
      running)
        [ "$steady" = "$started" ] || { steady=$started since=$now; }
        [ $((now - since)) -lt $((delay * 100)) ] || return 0 ;;
      *) steady='' ;;
    esac
    [ "$now" -lt "$deadline" ] || [ "$status" = running ] || return 1
    pause
    now=$(clock)
  done
  return 1
}

docker_answer() {
  docker inspect --type container --format '{{if .State.Health}}{{range .State.Health.Log}}{{println .ExitCode .Output}}{{end}}{{end}}' "$id" 2>/dev/null |
    grep . | tail -n 1
}

# start the guard of this deploy, a script that outlives this one
begin_guard() {
  shift "$count"
  outlive sh -c "$guard" guard connection="$connection" name="$name" aside="$aside" marker="$marker" \
    token="$token" stop="$stop" -- "$@"
}

# an earlier deploy that is neither committed nor reverted no longer reverts by itself; where it does so already, what
# this run has read of the host is outdated
supersede() {
  [ -r "$marker" ] && read -r holder _ <"$marker" && [ "$holder" != "$token" ] || return 0
  ! (set -C; echo "$holder superseded" >"$marker.end") 2>/dev/null || return 0
  read -r _ ended worker <"$marker.end"
  [ "$ended" = undone ] && worker_runs || return 0
  left=$((timeout * 5))
  while [ -e "$marker" ] && worker_runs && [ "$left" -gt 0 ]; do
    pause
    left=$((left - 1))
  done
  echo 'an earlier deploy was being taken back on this host; deploy again' >&2
  return 1
}

sleep "$wait"
! abandoned && supersede || exit 1
mark booting - && rm -f "$marker.end" "$marker.note" || exit 1
[ -z "$connection" ] || begin_guard "$@"

# remove the probe last: its check may succeed as long as there is a container
fail() {
  shift "$count"
  undo "$@"
  [ -z "$probe" ] || forget_probe
  exit 1
}

if [ -n "$aside" ] && docker inspect --type container "$name" >/dev/null 2>&1; then
  docker rename "$name" "$aside" || fail "$@"
fi
began=$(date +%s)
id=$(export_multiline; first "$count" "$@") || {
  gone "$name"
  fail "$@"
}
[ -n "$aside" ] || id=$(docker inspect --type container --format '{{.Id}}' "$name") || fail "$@"
short=$(printf %.12s "$id")
mark booting "$id"
if [ -n "$probe" ]; then
  wait_for_proxy || { proxy_runs && diagnose "$id" "$port" "$(proxy_answer)" >&2; fail "$@"; }
  forget_probe
else
  wait_for_docker || { diagnose "$id" '' "$(docker_answer)" >&2; fail "$@"; }
fi
mark healthy "$id"
audit "$event"
