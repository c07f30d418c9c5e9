# Why a container does not get healthy.

# listening CONTAINER: print the open ports in it, one a line
listening() {
  docker exec "$1" cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    while read -r _ address _ status _; do
      [ "$status" != 0A ] || printf '%d %s\n' "0x${address##*:}" "${address%%:*}"
    done | sort -un
}

# refused PORT: explain a refused connection by the open ports
refused() {
  ports=''
  while read -r found address; do
    if [ "$found" = "$1" ] && [ "$address" = 0100007F ]; then
      echo "it listens on port $1 of 127.0.0.1 only, inside the container; let it listen on 0.0.0.0"
      return
    fi
    ports="$ports $found"
  done
  if [ -n "$ports" ]; then
    echo "nothing listens on port $1 in the container, but on:$ports; is proxy/app_port right?"
  else
    echo "nothing listens on port $1 in the container yet; it may need longer (deploy_timeout)"
  fi
}

# reason CONTAINER PORT ANSWER: the likely cause, in a sentence
reason() {
  # shellcheck disable=SC2046  # words of our own template
  set -- "$1" "$2" "$3" $(docker inspect --type container --format '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}} {{.RestartCount}}' "$1")
  case $4:$6 in
    *:true) echo "it was killed for want of memory; give it more (options: memory)"; return ;;
    exited:* | restarting:* | dead:*) echo "it exits with status $5 (restarted $7 times); its log says why"; return ;;
  esac
  case $3 in
    *refused*) listening "$1" | refused "$2" ;;
    *'(30'[12378]')'*) echo "it answers with a redirect; see proxy/healthcheck/path, or trust X-Forwarded-Proto" ;;
    *'(400)'* | *'(403)'* | *'(421)'*) echo "it may refuse the Host header $1:$2; allow it for the health check's path" ;;
    *'(404)'*) echo "there is nothing at the path of the health check; see proxy/healthcheck/path" ;;
    *'(5'??')'*) echo "it says that it is not ready; its log may say why" ;;
    *[Tt]imeout* | *deadline*) echo "it does not answer in time; see proxy/healthcheck/timeout" ;;
    *) echo "it needed longer than it was given; see deploy_timeout" ;;
  esac
}

# diagnose CONTAINER PORT ANSWER: print all of it, the last lines of the container's log at the end
diagnose() {
  echo "$name did not get healthy within ${timeout} s"
  [ -z "$3" ] || echo "  its health check got: $3"
  echo "  likely: $(reason "$1" "$2" "$3")"
  echo "  the last lines of its log:"
  docker logs --tail 30 "$1" 2>&1 | sed 's/^/  | /'
}
