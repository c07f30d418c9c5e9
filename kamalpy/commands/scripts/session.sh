# shellcheck shell=sh
# The client's connection: its sshd process exists as long as the connection.

# process PID: print its start time, its parent and its name; fails where there is no such process
process() {
  [ -n "$1" ] || return 1
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  named=${stat#*\(}
  named=${named%\)*}
  # shellcheck disable=SC2086  # numbers
  set -- ${stat##*\) }
  echo "${20} $2 $named"
}

# session: print "PID START" of the sshd that serves this connection, nothing where there is none
session() {
  pid=$$
  while [ "$pid" -gt 1 ]; do
    known=$(process "$pid") || return 0
    case ${known#* * } in
      sshd* | dropbear*)
        echo "$pid ${known%% *}"
        return 0 ;;
    esac
    known=${known#* }
    pid=${known%% *}
  done
}

# alive PID START: whether that process still exists
alive() {
  found=$(process "$1") && [ "${found%% *}" = "$2" ]
}

pause() { sleep 0.2 2>/dev/null || sleep 1; }
