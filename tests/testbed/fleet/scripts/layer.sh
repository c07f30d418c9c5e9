#!/bin/bash
# Installs Debian packages over a root that stays as it is; what is new ends in a folder of its own.
# Runs in a mount namespace of its own. layer.sh TARGET LOWER PACKAGES COMMANDS
set -eu
target=$1 lower=$2 packages=$3 commands=$4
mkdir -p "$target/new" "$target/work" "$target/root"
mount -t overlay layer -o "lowerdir=$lower,upperdir=$target/new,workdir=$target/work" "$target/root"
root=$target/root
cp /etc/resolv.conf "$root/etc/resolv.conf"
certificates=/etc/ssl/certs/ca-certificates.crt # a proxy may have put its own there
if [ -s "$certificates" ] && [ -e "$root$certificates" ]; then
  mount --bind "$certificates" "$root$certificates"
fi
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666,gid=5 devpts "$root/dev/pts"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
in_root() { chroot "$root" "$@"; }
in_root apt-get update -qq
# shellcheck disable=SC2086 # a list of names
in_root apt-get install -y -qq --no-install-recommends -o APT::Keep-Downloaded-Packages=true $packages
in_root sh -eu -c "$commands"

mkdir -p "$target/debs"
mv "$root"/var/cache/apt/archives/*.deb "$target/debs/"
in_root apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/var/log/apt "$root/etc/resolv.conf"
umount --recursive "$root"
