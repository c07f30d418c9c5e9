# Remove tags of images, and images without a tag, except those that a container runs from. Words: as below;
# after -- images.
. ./audit.sh
. ./words.sh
: "${log?} ${tags?} ${event?}"
for image; do
  docker image rm --force "$image" >/dev/null 2>&1 && continue
  if [ -n "$(docker ps --quiet --filter "ancestor=$image")" ]; then
    echo "$image stays: a container runs from it"
  else
    docker image rm --force "$image" >/dev/null || exit 1
  fi
done
audit "$event"
