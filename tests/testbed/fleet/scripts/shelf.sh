#!/bin/bash
# Makes a folder of Debian packages that apt takes for an archive. shelf.sh DEBS SHELF
set -eu
for deb in "$1"/*.deb; do
  ln "$deb" "$2/"
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(stat -c %s "$deb")" \
    "$(sha256sum <"$deb" | cut -d ' ' -f 1)"
done >"$2/Packages"
