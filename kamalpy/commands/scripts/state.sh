# Print what is on this host, one tagged line each. Changes nothing.
# Words: service=LABEL image=REFERENCE network=NAME path=PATH clear=NAME lock=FOLDER release=FOLDER audit=FILE
# variable=NAME; the key of digests on stdin. Processes take most time here, those of docker above all.
. ./session.sh
. ./lease.sh
. ./private.sh

# variables of the SSH user, before this script sets its own; bash has HOSTNAME without exporting it
[ -n "${HOSTNAME-}" ] || read -r HOSTNAME </proc/sys/kernel/hostname
for variable; do
  case $variable in
    variable=[0-9]* | variable=*[!A-Za-z0-9_]* | variable=) continue ;;
    variable=*) variable=${variable#*=} ;;
    *) continue ;;
  esac
  eval "[ -z \"\${$variable+set}\" ]" ||
    printf '#variable %s %s\n' "$variable" "$(eval "printf %s \"\${$variable}\"" | base64 | tr -d '\n')"
done
nl='
'
# one template for containers and images: index finds nothing in the other kind, where a field would fail
# shellcheck disable=SC2016  # what begins with $ is the template's
CONTAINER='#container {"Id":{{json (index . "Id")}},"Image":{{json (index . "Image")}},"Name":{{json (index . "Name")}},"Created":{{json (index . "Created")}},"RestartCount":{{json (index . "RestartCount")}},"State":{"Status":{{json (index $state "Status")}},"StartedAt":{{json (index $state "StartedAt")}}},"Health":{{with index $state "Health"}}{{json (index . "Status")}}{{else}}null{{end}},"HostConfig":{{json (index . "HostConfig")}},"Networks":{{json (index (index . "NetworkSettings") "Networks")}},"Config":{"Hostname":{{json (index $config "Hostname")}},"Image":{{json (index $config "Image")}},"Labels":{{json (index $config "Labels")}},"Cmd":{{json (index $config "Cmd")}},"Entrypoint":{{json (index $config "Entrypoint")}},"User":{{json (index $config "User")}},"WorkingDir":{{json (index $config "WorkingDir")}},"Volumes":{{json (index $config "Volumes")}},"Tty":{{json (index $config "Tty")}},"StopSignal":{{json (index $config "StopSignal")}},"StopTimeout":{{json (index $config "StopTimeout")}},"Healthcheck":{{json (index $config "Healthcheck")}}}}{{if eq (index . "Name") "/kamal-proxy"}}{{range index . "Mounts"}}{{if eq (index . "Destination") "/home/kamal-proxy/.config/kamal-proxy"}}{{println}}#proxy_volume {{index . "Source"}}{{end}}{{end}}{{end}}'
# shellcheck disable=SC2016
IMAGE='#image {"id":{{json (index . "Id")}},"tags":{{json (index . "RepoTags")}},"digests":{{json (index . "RepoDigests")}},"config":{"Labels":{{json (index $config "Labels")}},"Cmd":{{json (index $config "Cmd")}},"Entrypoint":{{json (index $config "Entrypoint")}},"User":{{json (index $config "User")}},"WorkingDir":{{json (index $config "WorkingDir")}},"Volumes":{{json (index $config "Volumes")}},"ExposedPorts":{{json (index $config "ExposedPorts")}},"StopSignal":{{json (index $config "StopSignal")}},"Healthcheck":{{json (index $config "Healthcheck")}}}}'
# shellcheck disable=SC2016
INSPECT='{{$config := index . "Config"}}{{$state := index . "State"}}{{if $state}}'$CONTAINER'{{else}}'$IMAGE'{{end}}{{println}}{{range index $config "Env"}}{{println "#env" (json .)}}{{end}}'

services=$nl images='' networks='' paths='' clear=$nl lock='' releases='' audits=''
for word; do
  value=${word#*=}
  case $word in
    service=*) services=$services$value$nl ;;
    image=*) images=$images$value$nl ;;
    network=*) networks=$networks$value$nl ;;
    path=*) paths=$paths$value$nl ;;
    clear=*) clear=$clear$value$nl ;;
    lock=*) lock=$value ;;
    release=*) releases=$releases$value$nl ;;
    audit=*) audits=$audits$value$nl ;;
  esac
done
key='' number=0
IFS= read -r key || :
private || exit 1
tagged() { printf '#%s %s\n' "$1" "$2"; }

# digest_of COMMAND...: make a digest of the key and the output of a command; lines refer to it by $number
digest_of() {
  number=$((number + 1))
  { printf %s "$key"; "$@"; } >"$folder/$number"
}

digests() {
  [ "$number" -eq 0 ] || (cd "$folder" && sha256sum -- [0-9]*) | sed 's/^\([0-9a-f]*\)  /#digest \1 /'
}

# hidden NAME: whether a value must not be printed: not requested, or an env file has that name, whatever deploy.yml
# has today
hidden() {
  case $secret in *"$nl$1$nl"*) return 0 ;; esac
  case $clear in *"$nl$1$nl"*) return 1 ;; esac
}

# print containers, their variables without values, or not at all where they come from the image only
shown() {
  while IFS= read -r line; do
    case $line in
      '#image '*) break ;;
      '#proxy_volume '*) proxy_volume=${line#* } ;;
      '#env '*)
        name=${line#'#env "'}
        name=${name%%=*}
        case $brought in
          *"$nl$image $line$nl"*)
            case $clear$secret in *"$nl$name$nl"*) tagged brought "$name" ;; *) continue ;; esac ;;
        esac
        if hidden "$name"; then
          digest_of printf %s "${line#'#env '}"
          tagged hidden "$number $name"
        else
          printf '%s\n' "$line"
        fi ;;
      '#container '*)
        image=${line#*'"Image":"'}
        image=${image%%'"'*}
        printf '%s\n' "$line"
        case $line in *'"State":{"Status":"running"'*) running=$running${line#*'"Networks":'} ;; esac
        case $line in *'"kamalpy.secrets"'*) secret_files "$line" ;; esac ;;
    esac
  done
}

# a digest of each file in the container's /run/secrets, read in private memory
secret_files() {
  id=${1#*'"Id":"'}
  docker cp "${id%%'"'*}:/run/secrets" - 2>/dev/null | tar -x -C "$folder" 2>/dev/null
  for file in "$folder"/secrets/*; do
    [ -f "$file" ] || continue
    digest_of cat -- "$file"
    tagged secret "$number ${file##*/}"
  done
  rm -rf "$folder/secrets"
}

# print the containers with a requested label service, the proxy, their images and requested ones
containers() {
  set -- --
  while read -r id image name service; do
    case $name in
      kamal-proxy) ;;
      *) case $services in *"$nl${service:-/}$nl"*) ;; *) continue ;; esac ;;
    esac
    set -- "$@" "$id"
    images=$images$image$nl
  done <<EOF
$listed
EOF
  while IFS= read -r image; do
    case ${image##*/} in '') ;; *[:@]*) set -- "$@" "$image" ;; *) set -- "$@" "$image:latest" ;; esac
  done <<EOF
$images
EOF
  [ $# -gt 1 ] || return 0
  found=$(docker inspect --format "$INSPECT" "$@" 2>/dev/null) || :
  # IMAGE #env "NAME=VALUE"
  brought=$nl$(printf '%s\n' "$found" | sed -n -e '/^#container /h' \
    -e '/^#image /{s/^#image {"id":"\([^"]*\)".*/\1/;h;}' -e '/^#env /{G;/\n#container /d;s/\(.*\)\n\(.*\)/\2 \1/p;}')$nl
  printf '%s\n' "$found" | sed -n '/^#image /p'
  shown <<EOF
$found
EOF
}

# print the requested networks, or all where no running container is in one of them
networks() {
  [ -n "$networks" ] || return 0
  while read -r each; do
    case $running in
      *"\"$each\":{"*) tagged network "$each" ;;
      *)
        docker network ls --format '#network {{.Name}}'
        break ;;
    esac
  done <<EOF
${networks%"$nl"}
EOF
}

# the proxy's state file: from its volume where this user can read that, else by way of docker
routes() {
  [ -n "$proxy_volume" ] || return 0
  if [ -x "$proxy_volume" ]; then
    cat "$proxy_volume/kamal-proxy.state" 2>/dev/null
  else
    docker cp kamal-proxy:/home/kamal-proxy/.config/kamal-proxy/kamal-proxy.state - 2>/dev/null | tar -xO 2>/dev/null
  fi | tr -d '\n' | sed -n 's/^..*$/#routes &\n/p'
}

# content PATH: a file; one that belongs to the proxy's user, as the proxy sees it
content() {
  if [ -r "$1" ]; then
    cat -- "$1"
  else
    docker exec --user 0 kamal-proxy cat "/home/kamal-proxy/.apps-config/${1#.kamal/proxy/apps-config/}" 2>/dev/null
  fi
}

files() {
  set --
  while IFS= read -r path; do
    [ ! -e "$path" ] || set -- "$@" "$path"
  done <<EOF
$paths
EOF
  [ $# -eq 0 ] || while IFS= read -r what; do
    if [ -d "$1" ]; then
      tagged path "directory - $what $1"
    else
      digest_of content "$1"
      tagged path "file $number $what $1"
    fi
    shift
  done <<EOF
$(stat -L -c '%a %U:%G %u:%g' -- "$@")
EOF
  for file in options image image_version run_command; do
    [ ! -r ".kamal/proxy/$file" ] || tagged proxy "$file $(tr '\n' ' ' <".kamal/proxy/$file")"
  done
}

# registries and a digest of each login; the file may hold passwords
logins() {
  config=${DOCKER_CONFIG:-$HOME/.docker}/config.json
  [ -r "$config" ] || return 0
  while read -r server entry; do
    [ -n "$server" ] || continue
    case $entry in *'"auth":"'*) entry=${entry#*'"auth":"'} entry=${entry%%'"'*} ;; *) entry='' ;; esac
    digest_of printf %s "$entry"
    tagged login "$number $server"
  done <<EOF
$({ tr -d '\n\t ' <"$config"; echo; } | sed 's/"auths":{}//; s/^.*"auths":{//; s/}}.*$/}/; s/},/}\n/g' |
    sed -n 's/^"\([^"]*\)":{\(.*\)}.*$/\1 \2/p')
EOF
}

# print the records of releases that app.commit has written, FOLDER/ROLE/VERSION, and who has booted them
releases() {
  printf '%s' "$releases" | while IFS= read -r folder; do
    for each in "$folder"/*/*/release.json; do
      [ -r "$each" ] || continue
      at=${each%/release.json} role=${each%/*/release.json}
      image=$(cat "$at/image" 2>/dev/null)
      tagged release "${role##*/} ${at##*/} $(stat -c %Y "$at") ${image:--} $(tr -d '\n' <"$each")"
    done
  done
  printf '%s' "$audits" | while IFS= read -r file; do
    [ ! -r "$file" ] || sed -n 's/^.* Booted app version .*$/#audit &/p' "$file" | tail -n 200
  done
}

tagged home "$PWD"
tagged session "$(session)"
tagged machine "$(uname -m 2>/dev/null)"
if ! command -v docker >/dev/null 2>&1; then
  tagged docker absent
elif listed=$(docker ps -a --no-trunc --format '{{.ID}} {{.Image}} {{.Names}} {{.Label "service"}}' 2>/dev/null); then
  tagged docker running
  proxy_volume='' running=''
  secret=$nl$(cat .kamal/apps/*/env/*/*.env 2>/dev/null | sed -n 's/^\([^=]*\)=.*/\1/p')$nl
  containers
  networks
  routes
else
  tagged docker stopped
fi
files
[ ! -d .kamal/apps ] || find .kamal/apps -mindepth 1 -maxdepth 1 | sed 's/^.*\//#app /'
for each in .kamal/apps/*/deploying-*.note; do
  [ ! -r "$each" ] || tagged note "$each $(tr '\n' ' ' <"$each")"
done
releases
logins
digests
[ -z "$lock" ] || [ ! -d "$lock" ] || tagged lock "$(owner "$lock") $(tr -d '\n' 2>/dev/null <"$lock/details")" 2>/dev/null
true
