# Renew the lease of the deploy lock, if it still is ours, and name the connection at hand in it: the one that the
# lock was taken by may have been lost, and another one made. Words: folder, token.
. ./session.sh
lease=$1/lease
[ -r "$lease" ] || exit 0
read -r pid start token client <"$lease" || :
[ "$token" = "$2" ] || exit 0
connection=$(session)
: "${connection:=- -}"
[ "$pid $start" = "$connection" ] || {
  printf '%s\n' "$connection $token $client" >"$lease.new" && mv -f "$lease.new" "$lease"
} 2>/dev/null
touch -c "$lease"
