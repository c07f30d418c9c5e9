# Start Docker's service now and at every boot, by the host's service manager.
if [ -d /run/systemd/system ]; then
  systemctl enable --now docker >&2
elif command -v rc-service >/dev/null 2>&1; then
  rc-update add docker default >&2
  rc-service docker start >&2
elif [ -x /etc/init.d/docker ]; then
  service docker start >&2
fi
tries=0
until docker version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo 'Docker was started but does not answer; see its log' >&2; exit 1; }
  sleep 1
done
