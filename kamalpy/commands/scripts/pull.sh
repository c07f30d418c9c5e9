# Fetch an image. Words: image, audit log, its tags, its text, what to say if it cannot be had.
. ./audit.sh
docker pull --quiet "$1" >/dev/null || {
    [ -z "$5" ] || printf '%s\n' "$5" >&2
    exit 1
}
audit "$2" "$3" "$4"
