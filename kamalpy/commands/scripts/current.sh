# current LATEST SERVICE ROLE DESTINATION: print the id of the container of a role that serves: the newest one
# that runs of the image that was deployed last, else the newest one that runs
current() {
  deployed=$(docker image inspect --format '{{.ID}}' -- "$1" 2>/dev/null) || deployed=''
  shift
  {
    [ -z "$deployed" ] || of_role "$@" --filter status=running --filter status=restarting --filter "ancestor=$deployed"
    of_role "$@" --filter status=running --filter status=restarting
  } | head -n 1
}

# of_role SERVICE ROLE DESTINATION FILTERS...: print the ids of a role's containers, the newest first
of_role() {
  service=$1 role=$2 destination=$3
  shift 3
  docker ps --no-trunc --format '{{.ID}}' --filter "label=service=$service" --filter "label=role=$role" \
    --filter "label=destination=$destination" "$@"
}

# version_of ID PREFIX: print what stands behind the prefix in a container's name, if that begins so
version_of() {
  named=$(docker inspect --type container --format '{{.Name}}' "$1")
  case $named in "/$2-"*) printf '%s\n' "${named#"/$2-"}" ;; esac
}
