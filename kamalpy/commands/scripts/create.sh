# Run a container whose secrets are files of its own, in /run/secrets. Words: as below; secrets is a file with lines
# of a name and its value in base64, owner their owner (nothing: the container's user); after -- those of
# docker create.
. ./private.sh
. ./sweep.sh
. ./words.sh
: "${secrets?} ${owner?}"

# number USER: a user as a number, looked up in the container's own list
number() {
  case $1 in
    '') echo 0 ;;
    *[!0-9]*)
      docker cp -L "$id:/etc/passwd" - 2>/dev/null | tar -xO 2>/dev/null |
        while IFS=: read -r name _ found _; do
          [ "$name" != "$1" ] || { echo "$found"; break; }
        done ;;
    *) echo "$1" ;;
  esac
}

sweep
id=$("$@") || exit 1
[ -n "$owner" ] || owner=$(docker inspect --type container --format '{{.Config.User}}' "$id") || exit 1
user=$(number "${owner%%:*}")
[ -n "$user" ] || { echo "the image knows no user ${owner%%:*}, whom its secrets are to belong to" >&2; exit 1; }
private && mkdir "$folder/secrets" || exit 1
while read -r name encoded; do
  printf %s "$encoded" | base64 -d >"$folder/secrets/$name" && chmod 0400 "$folder/secrets/$name" || exit 1
done <"$secrets"
pack() {
  cd "$folder/secrets" || return 1
  if [ "$(id -u)" -eq 0 ]; then
    chown "$user:0" -- * && tar -cf ../tar -- *
  else
    tar --owner="$user" --group=0 -cf ../tar -- *
  fi
}
(pack) || exit 1
docker cp - "$id:/run/secrets" <"$folder/tar" >/dev/null || exit 1
docker start "$id" >/dev/null || exit 1
echo "$id"
