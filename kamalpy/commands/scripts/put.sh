# Make directories and write files, each atomically. Words: after -- mode, owner and size of the
# directory=PATH or file=PATH that comes next; size is the number of characters of a file's content on stdin in base64.
# Empty: unchanged.
. ./words.sh
umask 022

own() {
  [ -z "$owner" ] || chown -- "$owner" "$1" || exit 1
  [ -z "$mode" ] || chmod -- "$mode" "$1" || exit 1
}

put() {
  path=$1
  [ ! -d "$path" ] || { echo "$path is a directory on this host, not a file" >&2; exit 1; }
  mkdir -p -- "$(dirname -- "$path")" || exit 1
  [ -n "$mode" ] || mode=$(stat -c %a -- "$path" 2>/dev/null) || mode=644
  temporary=$(umask 077; mktemp "$(dirname -- "$path")/.kamalpy.XXXXXX") || exit 1
  trap 'rm -f -- "$temporary"' EXIT
  # not head: that of busybox reads on into the next file
  [ "$size" -eq 0 ] || dd bs="$size" count=1 iflag=fullblock 2>/dev/null | base64 -d >"$temporary" || exit 1
  # keep the owner, if this user is allowed to
  was=$(stat -c %u:%g -- "$path" 2>/dev/null) && chown -- "$was" "$temporary" 2>/dev/null || :
  own "$temporary"
  mv -f -- "$temporary" "$path" || exit 1
  trap - EXIT
}

for word; do
  value=${word#*=}
  case $word in
    mode=*) mode=$value ;;
    owner=*) owner=$value ;;
    size=*) size=$value ;;
    directory=*)
      mkdir -p -- "$value" || exit 1
      own "$value" ;;
    file=*) put "$value" ;;
  esac
done
