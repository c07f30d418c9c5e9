# outlive COMMAND...: run a command in the background that goes on when this session has ended. Where logind ends
# all that a session leaves running (KillUserProcesses), that takes a scope of its own, which a user has who
# lingers; where that cannot be had, a note in $marker.logind.note says so.
outlive() {
  manager='org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager'
  rm -f "$marker.logind.note"
  # shellcheck disable=SC2086  # three words
  if [ "$(busctl get-property $manager KillUserProcesses 2>/dev/null)" = 'b true' ]; then
    user=$(id -u)
    if [ "$user" -eq 0 ]; then
      set -- systemd-run --scope --quiet "$@"
    elif [ -e "/var/lib/systemd/linger/$(id -un)" ]; then
      export XDG_RUNTIME_DIR="/run/user/$user"
      set -- systemd-run --user --scope --quiet "$@"
    else
      echo "systemd-logind ends what $(id -un) leaves running (KillUserProcesses=yes), so that nothing takes a" \
        "deploy back when its connection is lost; type there: loginctl enable-linger" >"$marker.logind.note"
    fi
  fi
  "$@" </dev/null >/dev/null 2>&1 &
}
