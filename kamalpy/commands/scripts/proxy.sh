# shellcheck shell=sh
# kamal_proxy WORDS...: give the proxy a command; where it is not running, report that and how to start it
kamal_proxy() {
  docker exec kamal-proxy kamal-proxy "$@" || { proxy_runs; return 1; }
}

# proxy_runs: whether the proxy is running
proxy_runs() {
  state=$(docker inspect --type container --format '{{.State.Status}}' kamal-proxy 2>/dev/null)
  [ "$state" = running ] && return
  echo "kamal-proxy is not running on this host (${state:-no such container}); start it with: kamalpy proxy boot" >&2
  return 1
}
