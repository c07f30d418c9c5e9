# export variables that docker's env files cannot hold: $multiline is a file with lines of a name and its value in
# base64
export_multiline() {
  [ -n "$multiline" ] && [ -r "$multiline" ] || return 0
  while read -r variable encoded; do
    value=$(printf %s "$encoded" | base64 -d; echo .)
    export "$variable=${value%.}"
  done <"$multiline"
}
