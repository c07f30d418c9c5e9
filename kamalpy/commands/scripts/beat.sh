# Renew the lease of the deploy lock, if it still is ours, and write the current connection into it: the one that took the
# lock may have been lost, and another one made. Words: as below.
. ./session.sh
. ./words.sh
: "${lock?} ${token?}"
lease=$lock/lease
[ -r "$lease" ] || exit 0
read -r pid start holder client <"$lease" || :
[ "$holder" = "$token" ] || exit 0
connection=$(session)
: "${connection:=- -}"
[ "$pid $start" = "$connection" ] || {
  printf '%s\n' "$connection $token $client" >"$lease.new" && mv -f "$lease.new" "$lease"
} 2>/dev/null
touch -c "$lease"
