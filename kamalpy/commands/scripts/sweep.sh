# shellcheck shell=sh
# remove what held the secrets of containers that are gone
sweep() {
  docker volume ls --quiet --filter dangling=true --filter label=kamalpy.secrets |
    while read -r each; do docker volume rm "$each" >/dev/null 2>&1; done
}
