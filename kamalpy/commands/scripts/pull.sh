# Fetch an image. Words: image, audit log, its tags, its text, what to say if it cannot be had, its name
# with a digest if that content is to be fetched.
. ./audit.sh
pinned=${6-}
docker pull --quiet "${pinned:-$1}" >/dev/null || {
    [ -z "$5" ] || printf '%s\n' "$5" >&2
    exit 1
}
[ -z "$pinned" ] || docker tag "$pinned" "$1" || exit
audit "$2" "$3" "$4"
