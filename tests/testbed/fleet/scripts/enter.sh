#!/bin/bash
# The first process of a machine, still in the old root: enters the machine's control groups.
# enter.sh NAME DISK LOWER GROUPS TREES: GROUPS and TREES are lists with blanks between.
set -eu
for group in $4; do
  echo 0 >"$group/cgroup.procs"
done
exec unshare --cgroup bash "${0%/*}/root.sh" "$1" "$2" "$3" "$5"
