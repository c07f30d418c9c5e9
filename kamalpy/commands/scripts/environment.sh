# environment ID: copy the variables of a container: into $plain those that fit on a line of docker's env files; others
# are exported, and $multiline has their names
environment() {
  plain='' multiline='' new_line='
'
  while read -r number text; do
    line=${text#'"'}
    line=${line%'"'}
    case $line in
      KAMAL_CONTAINER_NAME=* | '') continue ;;
      *\\*)
        line=$(docker inspect --type container --format "{{index .Config.Env $number}}" "$1"; echo .)
        line=${line%"$new_line."} ;;
    esac
    case $line in *"$new_line"*) fits='' ;; *) fits=1 ;; esac
    if [ -n "$fits" ] && [ "${#line}" -lt 32000 ]; then
      plain=$plain$line$new_line
    else
      export "${line%%=*}=${line#*=}" && multiline="$multiline ${line%%=*}"
    fi
  done <<EOF
$(docker inspect --type container --format '{{range $i, $each := .Config.Env}}{{println $i (json $each)}}{{end}}' "$1")
EOF
}
