# Copy an image's assets to the host, and merge them with those of the version that runs now, both ways: a page of
# either version finds its files. Words: as below; path is in the image, folder that of all assets,
# old the version that runs now, or nothing.
. ./words.sh
: "${image?} ${path?} ${folder?} ${role?} ${version?} ${old?}"
extracted=$folder/extracted/$role-$version volume=$folder/volumes/$role-$version
mkdir -p "$extracted" "$volume" || exit 1
id=$(docker container create "$image") || exit 1
docker container cp -L "$id:$path/." "$extracted"
copied=$?
docker container rm "$id" >/dev/null
[ "$copied" -eq 0 ] || exit 1

# add FROM TO: copy what is not there yet
add() { [ ! -d "$1" ] || [ ! -d "$2" ] || cp -Rn "$1/." "$2/" || :; }
add "$extracted" "$volume"
if [ -n "$old" ] && [ "$old" != "$version" ]; then
  add "$extracted" "$folder/volumes/$role-$old"
  add "$folder/extracted/$role-$old" "$volume"
fi
