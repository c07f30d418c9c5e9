# shellcheck shell=sh
# private: create $folder in memory, readable by its owner only, and removed when the script ends
private() {
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  folder=$(umask 077; mktemp -d /dev/shm/kamalpy.XXXXXX 2>/dev/null || mktemp -d)
}
