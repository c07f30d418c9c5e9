# Release the deploy lock, if it still is ours. Words: as below; no token: regardless of its owner.
. ./words.sh
: "${lock?} ${token?}"
[ -d "$lock" ] || exit 0
if [ -n "$token" ]; then
  [ -r "$lock/lease" ] || exit 0
  read -r _ _ holder _ <"$lock/lease" || :
  [ "$holder" = "$token" ] || exit 0
fi
rm -rf -- "$lock"
