# Print what Kamal 1 has left on this host, one tagged line each. Words: as below; folder is the service and its
# destination, as folders are called; after -- the old paths that may exist.
. ./words.sh
: "${service?} ${folder?}"
command -v docker >/dev/null 2>&1 || exit 0
docker ps --all --format '{{.Names}}|{{.State}}|{{.Image}}|{{.Label "service"}}|{{.Label "org.opencontainers.image.title"}}|{{.Labels}}' |
  while IFS='|' read -r name state image label title labels; do
    case $title:$name in
      Traefik:* | *:traefik) echo "#traefik $name $state $image" ;;
    esac
    [ "$label" != "healthcheck-$folder" ] || echo "#check $name"
    case $state,$label,$labels in
      running,"$service",*) ;;
      running,*,traefik.*) echo "#behind $name" ;;
    esac
  done
for path; do
  [ ! -e "$path" ] || echo "#path $path"
done
for path in .kamal/cords/*; do
  [ ! -d "$path" ] || echo "#cord $path"
done
