# current: print the id of the container that serves, of the role with the labels $service $role $destination: the
# newest one that runs of the image $latest, which was deployed last, else the newest one that runs
current() {
  deployed=$(docker image inspect --format '{{.ID}}' -- "$latest" 2>/dev/null) || deployed=''
  {
    [ -z "$deployed" ] || of_role --filter status=running --filter status=restarting --filter "ancestor=$deployed"
    of_role --filter status=running --filter status=restarting
  } | head -n 1
}

# of_role FILTERS...: print the ids of the role's containers, the newest first
of_role() {
  docker ps --no-trunc --format '{{.ID}}' --filter "label=service=$service" --filter "label=role=$role" \
    --filter "label=destination=$destination" "$@"
}

# chosen TEMPLATE: print the id of $container, by docker's template, or of the one that serves where none is named
chosen() {
  if [ -n "$container" ]; then
    docker inspect --type container --format "$1" "$container" 2>/dev/null
  else
    current
  fi
}

# version_of ID: print what stands behind $prefix in a container's name, if that begins so
version_of() {
  named=$(docker inspect --type container --format '{{.Name}}' "$1")
  case $named in "/$prefix-"*) printf '%s\n' "${named#"/$prefix-"}" ;; esac
}
