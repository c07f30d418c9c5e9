# Give the deploy lock back, if it still is ours. Words: folder, token; no token: whoever holds it.
lock=$1 token=$2
[ -d "$lock" ] || exit 0
if [ -n "$token" ]; then
  [ -r "$lock/lease" ] || exit 0
  read -r _ _ holder _ <"$lock/lease" || :
  [ "$holder" = "$token" ] || exit 0
fi
rm -rf -- "$lock"
