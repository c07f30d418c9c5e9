# Remove images that nobody uses, by their names or ids. Words: audit log, its tags, its text, images.
. ./audit.sh
log=$1 tags=$2 text=$3
shift 3
for each; do
  docker rmi "$each" >/dev/null 2>&1 || ! docker image inspect "$each" >/dev/null 2>&1 || echo "$each stays: it is in use"
done
audit "$log" "$tags" "$text"
