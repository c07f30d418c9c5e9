# remove_images REPOSITORY: remove images of a repository that no container uses, not even a stopped one. Uses
# $image $service $log $tags.
remove_images() {
  used=$(docker ps -a --no-trunc --format '{{.Image}}')
  gone=$(docker image ls --format '{{.Repository}}:{{.Tag}}' "$1" | while read -r each; do
    case $each in "$1":latest* | "$image" | *:'<none>') continue ;; esac
    printf '%s\n' "$used" | grep -qxF "$each" || { docker rmi "$each" >/dev/null 2>&1 && echo "$each"; }
  done
  docker image prune --force --filter "label=service=$service" 2>/dev/null | sed '/^Total/d')
  [ -z "$gone" ] || audit 'Pruned images'
}
