# Print what a first deploy depends on, one tagged line each. Changes nothing.
# Words: as below; image is the one whose architecture is read, or nothing, log the service's audit log.
. ./words.sh
: "${image?} ${log?}"
PATH=$PATH:/usr/sbin:/sbin
echo "user $(id -un)"
echo "arch $(uname -m)"
echo "clock $(date +%s)"
if [ "$(id -u)" = 0 ]; then
  echo "sudo root"
elif sudo -n true 2>/dev/null; then
  echo "sudo yes"
else
  echo "sudo no"
fi
grep -s 'Booted app version' "$log" | tail -n 1 | sed 's/^/booted /'
if ! command -v docker >/dev/null 2>&1; then
  echo "docker absent"
elif version=$(docker version --format '{{.Server.Version}}' 2>&1); then
  echo "docker $version"
  root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)
  docker ps --format '{{.Names}} {{.Ports}}' | sed 's/^/container /'
  [ -z "$image" ] ||
    docker image inspect --format 'image {{.Architecture}} {{json .Config.Volumes}}' "$image" 2>/dev/null
else
  case $version in
    *"permission denied"*) echo "docker denied" ;;
    *) echo "docker stopped" ;;
  esac
fi
[ -d "${root:=/var/lib/docker}" ] || root=/
df -Pk "$root" | awk 'NR == 2 { print "disk", $4, $2, $6 }'
if command -v ss >/dev/null 2>&1; then
  ss -ltnpH 2>/dev/null | awk '{ print "listens", $4, $6 }'
fi
if command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q '^Status: active'; then
  echo "firewall ufw"
elif command -v firewall-cmd >/dev/null 2>&1 && [ "$(firewall-cmd --state 2>/dev/null)" = running ]; then
  echo "firewall firewalld"
elif command -v iptables >/dev/null 2>&1 && iptables -S INPUT 2>/dev/null | grep -q '^-P INPUT DROP'; then
  echo "firewall iptables"
fi
if command -v iptables >/dev/null 2>&1; then
  iptables -S DOCKER-USER 2>/dev/null | grep -E -- '-j (DROP|REJECT)' | sed 's/^/guard /'
fi
exit 0
