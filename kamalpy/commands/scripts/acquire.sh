# Take the deploy lock: Kamal's folder and its details, and a lease that shows whether its owner is alive. Words: as
# below. Details are in base64, client is the owner's user and machine, remedy how others can release the lock,
# connection PID START of the owner's sshd, or nothing; once that has ended, nothing would release the lock. With no
# token it is taken by hand, without a lease.
. ./session.sh
. ./lease.sh
. ./words.sh
: "${lock?} ${details?} ${token?} ${client?} ${remedy?} ${connection?}"
# shellcheck disable=SC2086  # "PID START"
[ -z "$connection" ] || alive $connection || exit 1
mkdir -p .kamal
if mkdir "$lock" 2>/dev/null; then
  printf '%s\n' "$details" >"$lock/details" &&
    { [ -z "$token" ] || printf '%s\n' "${connection:-- -} $token $client" >"$lock/lease"; } && exit 0
  rm -rf -- "$lock"
  echo "cannot write to $PWD/$lock; the disk may be full" >&2
  exit 1
fi
[ -d "$lock" ] || { echo "cannot make $PWD/$lock" >&2; exit 1; }
echo "The deploy lock is held:" >&2
output=$(base64 -d 2>/dev/null <"$lock/details") 2>/dev/null || output='(it does not say by whom)'
printf '%s\n' "$output" | sed 's/^/  /; /^ *$/d' >&2
owner_state=$(owner "$lock")
[ "$owner_state" = unknown ] || printf '  From: %s\n' "$(sed 's/^[^ ]* [^ ]* [^ ]* //' <"$lock/lease")" >&2
case $owner_state in
  alive) echo 'That run is at work: wait for it.' >&2 ;;
  silent) echo 'That run has been silent for two minutes; its connection hangs, or it does.' >&2 ;;
  dead) echo 'That run is dead: the connection it took the lock by is gone.' >&2 ;;
esac
[ "$owner_state" = alive ] || printf 'If nobody deploys any more, take it: %s\n' "$remedy" >&2
exit 1
