# Commit: from here on this deploy is not reverted. Its guards end, and the release is recorded. Words: as below. How
# is new, with its record as a line on stdin, back, or nothing; markers are those of this deploy on this host, release
# is a folder, env the role's file of secrets.
. ./words.sh
: "${token?} ${markers?} ${how?} ${release?} ${env?} ${image?}"
. ./undo.sh
trap '' PIPE
for marker in $markers; do
  if pending; then decide committed; else decided committed; fi || {
    echo 'this host has taken the deploy back meanwhile' >&2
    exit 1
  }
  rm -f "$marker" "$marker.note"
done

# record this release with its secrets in a folder of its own; the last twenty are retained. An unfinished one has a
# name that no version can have
draft=${release%/*}/.${release##*/}
record_release() {
  umask 077
  rm -rf "$draft"
  IFS= read -r record && [ -n "$record" ] || return 1
  mkdir -p "$draft" && printf '%s\n' "$record" >"$draft/release.json" || return 1
  for each in "$env" "$env.odd"; do
    [ ! -e "$each" ] || cp -p "$each" "$draft/env${each#"$env"}" || return 1
  done
  docker image inspect --format '{{.ID}}{{range .RepoDigests}},{{.}}{{end}}' "$image" >"$draft/image" 2>/dev/null
  rm -rf "$release" && mv "$draft" "$release" || return 1
  # shellcheck disable=SC2012  # names of ours: versions
  ls -1t "${release%/*}" | tail -n +21 | while read -r each; do rm -rf "${release%/*}/${each:?}"; done
}

# after a rollback, the secrets of that release become those of the role again
restore_secrets() {
  umask 077
  mkdir -p "${env%/*}" && touch "$release" || return 1
  for each in env env.odd; do
    rm -f "$env${each#env}"
    [ ! -e "$release/$each" ] || cp -p "$release/$each" "$env${each#env}" || return 1
  done
}

case $how in
  new)
    (record_release) || {
      rm -rf "$draft"
      echo 'cannot remember what this release is; a rollback will not bring back its settings' >&2
    }
    ;;
  back) [ ! -d "$release" ] || (restore_secrets) || echo 'cannot put the secrets of this release into their place' >&2 ;;
esac
true
