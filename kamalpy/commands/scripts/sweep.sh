# shellcheck shell=sh
# remove volumes with secrets of removed containers
sweep() {
  docker volume ls --quiet --filter dangling=true --filter label=kamalpy.secrets |
    while read -r each; do docker volume rm "$each" >/dev/null 2>&1; done
}
