# Remove containers that have stopped. Words: as below; after -- containers.
. ./audit.sh
. ./sweep.sh
. ./words.sh
: "${log?} ${tags?} ${event?}"
for each; do
  docker rm "$each" >/dev/null 2>&1 || ! docker inspect --type container "$each" >/dev/null 2>&1 || echo "$each stays: it runs"
done
sweep
audit "$event"
