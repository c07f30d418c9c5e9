# Remove containers that have stopped. Words: audit log, its tags, its text, containers.
. ./audit.sh
. ./sweep.sh
log=$1 tags=$2 text=$3
shift 3
for each; do
  docker rm "$each" >/dev/null 2>&1 || ! docker inspect --type container "$each" >/dev/null 2>&1 || echo "$each stays: it runs"
done
sweep
audit "$log" "$tags" "$text"
