# Fetch an image. Words: image, audit log, its tags, its text.
. ./audit.sh
docker pull --quiet "$1" >/dev/null || exit 1
audit "$2" "$3" "$4"
