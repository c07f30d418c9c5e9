# Print what is on this host, one tagged line a thing. Changes nothing.
# Words: service=LABEL image=REFERENCE path=PATH clear=NAME lock=FOLDER release=FOLDER audit=FILE variable=NAME;
# the key of digests on stdin.
. ./session.sh
. ./lease.sh
. ./private.sh

# variables of the SSH user, before this script sets its own; bash has HOSTNAME without exporting it
[ -n "${HOSTNAME-}" ] || read -r HOSTNAME </proc/sys/kernel/hostname
for asked; do
  case $asked in
    variable=[0-9]* | variable=*[!A-Za-z0-9_]* | variable=) continue ;;
    variable=*) asked=${asked#*=} ;;
    *) continue ;;
  esac
  eval "[ -z \"\${$asked+set}\" ]" ||
    printf '#variable %s %s\n' "$asked" "$(eval "printf %s \"\${$asked}\"" | base64 | tr -d '\n')"
done
nl='
'
CONTAINER='#container {"Id":{{json .ID}},"Image":{{json .Image}},"Name":{{json .Name}},"Created":{{json .Created}},"RestartCount":{{.RestartCount}},"State":{"Status":{{json .State.Status}},"StartedAt":{{json .State.StartedAt}}},"Health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},"HostConfig":{{json .HostConfig}},"Networks":{{json .NetworkSettings.Networks}},"Config":{"Hostname":{{json .Config.Hostname}},"Image":{{json .Config.Image}},"Labels":{{json .Config.Labels}},"Cmd":{{json .Config.Cmd}},"Entrypoint":{{json .Config.Entrypoint}},"User":{{json .Config.User}},"WorkingDir":{{json .Config.WorkingDir}},"Volumes":{{json .Config.Volumes}},"Tty":{{.Config.Tty}},"StopSignal":{{json .Config.StopSignal}},"StopTimeout":{{json .Config.StopTimeout}},"Healthcheck":{{json .Config.Healthcheck}}}}{{println}}{{range .Config.Env}}{{println "#env" (json .)}}{{end}}'
IMAGE='#image {"id":{{json .ID}},"tags":{{json .RepoTags}},"digests":{{json .RepoDigests}},"config":{"Labels":{{json .Config.Labels}},"Cmd":{{json .Config.Cmd}},"Entrypoint":{{json .Config.Entrypoint}},"User":{{json .Config.User}},"WorkingDir":{{json .Config.WorkingDir}},"Volumes":{{json .Config.Volumes}},"ExposedPorts":{{json .Config.ExposedPorts}},"StopSignal":{{json .Config.StopSignal}},"Healthcheck":{{json .Config.Healthcheck}}}}{{println}}{{range .Config.Env}}{{println "#env" (json .)}}{{end}}'

services=$nl images='' paths='' clear=$nl lock='' releases='' audits=''
for word; do
  value=${word#*=}
  case $word in
    service=*) services=$services$value$nl ;;
    image=*) images=$images$value$nl ;;
    path=*) paths=$paths$value$nl ;;
    clear=*) clear=$clear$value$nl ;;
    lock=*) lock=$value ;;
    release=*) releases=$releases$value$nl ;;
    audit=*) audits=$audits$value$nl ;;
  esac
done
key=''
IFS= read -r key || :
digest() { { printf %s "$key"; cat; } | sha256sum | cut -d ' ' -f 1; }
tagged() { printf '#%s %s\n' "$1" "$2"; }

# print the containers whose label service was asked for, and the proxy
wanted() {
  docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Label "service"}}' |
    while read -r id name service; do
      case $nl$name$nl$service$nl in
        "$nl"kamal-proxy"$nl"*) echo "$id" ;;
        *"$nl$nl") ;;
        *) case $services in *"$nl$service$nl"*) echo "$id" ;; esac ;;
      esac
    done
}

# hidden NAME: whether a value is not to be printed: not asked for, or an env file holds that name,
# whatever deploy.yml calls it today
hidden() {
  case $secret in *"$nl$1$nl"*) return 0 ;; esac
  case $clear in *"$nl$1$nl"*) return 1 ;; esac
}

# print containers as they are, their variables without values, or not at all where the image brought them
# and nobody has given them as well
shown() {
  while IFS= read -r line; do
    case $line in
      '#env '*)
        name=${line#'#env "'}
        name=${name%%=*}
        case $brought in
          *"$nl$image $line$nl"*)
            case $clear$secret in *"$nl$name$nl"*) tagged brought "$name" ;; *) continue ;; esac ;;
        esac
        if hidden "$name"; then
          tagged hidden "$(printf %s "${line#'#env '}" | digest) $name"
        else
          printf '%s\n' "$line"
        fi ;;
      '#container '*)
        image=${line#*'"Image":"'}
        image=${image%%'"'*}
        printf '%s\n' "$line"
        case $line in *'"kamalpy.secrets"'*) secret_files "$line" ;; esac ;;
    esac
  done
}

# a digest of each file in the container's /run/secrets, read in memory and out of anybody's sight
secret_files() {
  id=${1#*'"Id":"'}
  private || return
  docker cp "${id%%'"'*}:/run/secrets" - 2>/dev/null | tar -x -C "$folder" 2>/dev/null
  for file in "$folder"/secrets/*; do
    [ ! -f "$file" ] || tagged secret "$(digest <"$file") ${file##*/}"
  done
  rm -rf "$folder"
}

containers() {
  ids=$(wanted)
  found=''
  # shellcheck disable=SC2086  # ids are hexadecimal words
  [ -z "$ids" ] || found=$(docker inspect --type container --format "$CONTAINER" $ids 2>/dev/null) || :
  set --
  while IFS= read -r each; do
    [ -z "$each" ] || set -- "$@" "$each"
  done <<EOF
$(printf '%s\n' "$found" | sed -n 's/^#container {"Id":"[0-9a-f]*","Image":"\([^"]*\)".*/\1/p' | sort -u)
$images
EOF
  brought=''
  [ $# -eq 0 ] || brought=$(docker image inspect --format "$IMAGE" -- "$@" 2>/dev/null) || :
  printf '%s\n' "$brought" | sed -n '/^#image /p'
  # IMAGE #env "NAME=VALUE"
  brought=$nl$(printf '%s\n' "$brought" |
    sed -n -e '/^#image /{s/^#image {"id":"\([^"]*\)".*/\1/;h;}' -e '/^#env /{G;s/\(.*\)\n\(.*\)/\2 \1/p;}')$nl
  shown <<EOF
$found
EOF
}

routes() {
  docker cp kamal-proxy:/home/kamal-proxy/.config/kamal-proxy/kamal-proxy.state - 2>/dev/null |
    tar -xO 2>/dev/null | tr -d '\n' | sed -n 's/^..*$/#routes &\n/p'
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
  printf '%s' "$paths" | while IFS= read -r path; do
    [ -e "$path" ] || continue
    what=$(stat -L -c '%a %U:%G %u:%g' -- "$path")
    if [ -d "$path" ]; then
      tagged path "directory - $what $path"
    else
      tagged path "file $(content "$path" | digest) $what $path"
    fi
  done
  for file in options image image_version run_command; do
    [ ! -r ".kamal/proxy/$file" ] || tagged proxy "$file $(tr '\n' ' ' <".kamal/proxy/$file")"
  done
}

# registries and a digest of what is kept to log in with; the file may hold passwords
logins() {
  config=${DOCKER_CONFIG:-$HOME/.docker}/config.json
  [ -r "$config" ] || return 0
  { tr -d '\n\t ' <"$config"; echo; } | sed 's/"auths":{}//; s/^.*"auths":{//; s/}}.*$/}/; s/},/}\n/g' |
    sed -n 's/^"\([^"]*\)":{\(.*\)}.*$/\1 \2/p' |
    while read -r server entry; do
      tagged login "$(printf %s "$entry" | sed -n 's/^.*"auth":"\([^"]*\)".*$/\1/p' | tr -d '\n' | digest) $server"
    done
}

# print what releases were, as app.retire has remembered it: FOLDER/ROLE/VERSION, and who has booted them
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
if ! command -v docker >/dev/null 2>&1; then
  tagged docker absent
elif version=$(docker version --format '{{.Server.Version}}' 2>/dev/null); then
  tagged docker "$version"
  secret=$nl$(cat .kamal/apps/*/env/*/*.env 2>/dev/null | sed -n 's/^\([^=]*\)=.*/\1/p')$nl
  containers
  docker network ls --format '#network {{.Name}}'
  routes
else
  tagged docker stopped
fi
files
[ ! -d .kamal/apps ] || find .kamal/apps -mindepth 1 -maxdepth 1 | sed 's/^.*\//#app /'
releases
logins
[ -z "$lock" ] || [ ! -d "$lock" ] || tagged lock "$(owner "$lock") $(tr -d '\n' 2>/dev/null <"$lock/details")" 2>/dev/null
true
