"""What a server holds, in numbers: whether each deploy leaves anything behind."""

from __future__ import annotations

import time
from collections import Counter

from lab.host import Host

_COUNT = r"""
for each in /proc/[0-9]*; do
  read -r name <"$each/comm" || continue
  case $name in bash | find | sed) continue ;; esac  # what counts, and the machine's first process
  echo "process $name"
  [ "$name" != postgres ] || continue
  find "$each/fd" -type l -printf '%l\n' | sed -E "s/:\[[0-9]+\]//; s/^/open in $name: /"
done 2>/dev/null | sed -E 's/v[0-9]+|[0-9a-f]{12,}/*/g'
docker ps --quiet | sed 's/.*/running container/'
docker ps --all --quiet | sed 's/.*/container/'
docker image ls --all --quiet --no-trunc | sort -u | sed 's/.*/image/'
docker volume ls --quiet | sed 's/.*/volume/'
docker network ls --quiet | sed 's/.*/network/'
ls -d /var/lib/docker/containers/* /var/lib/docker/overlay2/* | sed 's/.*/folder of Docker/'
find / /run /tmp /dev/shm -xdev \( -path /var/lib/docker -o -path /run/docker/netns \
  -o -path /root/test-postgres -o -path '/root/.kamal/apps/*/releases' \) -prune -o -type f -print |
  sed -E 's/v[0-9]+|[0-9a-f]{12,}/*/g; s/^/file /'
find /root/.kamal/apps -path '*/releases/*' -name release.json | sed 's/.*/release record/'
"""


def inventory(host: Host, seconds: float = 60) -> Counter[str]:
    """
    Count processes, open files, files and Docker's objects once they no longer change.

    Versions and ids in names become stars. Not counted are the files of Postgres, which no deploy
    touches, and Docker's names of network namespaces, which it removes once a minute.
    """
    end, counts = time.monotonic() + seconds, Counter[str]()
    while time.monotonic() < end:
        before, counts = counts, Counter(host.sh(_COUNT).splitlines())
        if counts == before:
            break
        time.sleep(2)
    return counts
