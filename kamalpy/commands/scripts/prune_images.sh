# Remove unused images, by their names or ids. Words: as below; after -- images.
. ./audit.sh
. ./words.sh
: "${log?} ${tags?} ${event?}"
for each; do
  docker rmi "$each" >/dev/null 2>&1 || ! docker image inspect "$each" >/dev/null 2>&1 || echo "$each stays: it is in use"
done
audit "$event"
