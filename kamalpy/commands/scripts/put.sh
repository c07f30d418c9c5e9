# Make directories and write files, each whole or not at all. Words, five a thing: directory or file, path,
# mode, owner, and the number of characters its content has on stdin in base64. Empty: left as it is.
umask 022

own() {
  [ -z "$2" ] || chown -- "$2" "$1" || exit 1
  [ -z "$3" ] || chmod -- "$3" "$1" || exit 1
}

put() {
  path=$1 mode=$2 owner=$3 count=$4
  [ ! -d "$path" ] || { echo "$path is a directory on this host, not a file" >&2; exit 1; }
  mkdir -p -- "$(dirname -- "$path")" || exit 1
  [ -n "$mode" ] || mode=$(stat -c %a -- "$path" 2>/dev/null) || mode=644
  temporary=$(umask 077; mktemp "$(dirname -- "$path")/.kamalpy.XXXXXX") || exit 1
  trap 'rm -f -- "$temporary"' EXIT
  # not head: that of busybox reads on into the next file
  [ "$count" -eq 0 ] || dd bs="$count" count=1 iflag=fullblock 2>/dev/null | base64 -d >"$temporary" || exit 1
  # whose it was, as far as this user may say so
  was=$(stat -c %u:%g -- "$path" 2>/dev/null) && chown -- "$was" "$temporary" 2>/dev/null || :
  own "$temporary" "$owner" "$mode"
  mv -f -- "$temporary" "$path" || exit 1
  trap - EXIT
}

while [ $# -gt 0 ]; do
  case $1 in
    directory)
      mkdir -p -- "$2" || exit 1
      own "$2" "$4" "$3" ;;
    file) put "$2" "$3" "$4" "$5" ;;
  esac
  shift 5
done
