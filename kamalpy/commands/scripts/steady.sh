# shellcheck shell=sh
# steady CONTAINER: whether it runs a second later, or has succeeded by then; prints why not
steady() {
  sleep 1
  case $(docker inspect --type container --format '{{.State.Status}} {{.State.ExitCode}}' "$1") in
    running* | 'exited 0') ;;
    *)
      echo "$1 did not stay up:" >&2
      docker logs --tail 30 "$1" 2>&1 | sed 's/^/  | /' >&2
      return 1 ;;
  esac
}
