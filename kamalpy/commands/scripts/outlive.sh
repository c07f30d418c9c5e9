# outlive COMMAND...: run a command in the background that outlives this session. Where logind ends the processes of a
# session (KillUserProcesses), that needs a scope of its own, and for a user lingering; without that, a note is in
# $marker.logind.note.
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
