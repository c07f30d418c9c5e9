# Pull an image. Words: as below; remedy is printed on failure, and pinned is its name with the digest of the content
# to pull, or nothing.
. ./audit.sh
. ./words.sh
: "${image?} ${pinned?} ${remedy?} ${log?} ${tags?} ${event?}"
docker pull --quiet "${pinned:-$image}" >/dev/null || {
    [ -z "$remedy" ] || printf '%s\n' "$remedy" >&2
    exit 1
}
[ -z "$pinned" ] || docker tag "$pinned" "$image" || exit
audit "$event"
