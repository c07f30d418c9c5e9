#!/bin/bash
# Makes the root of a machine and moves into it.
# root.sh NAME DISK LOWER TREES
set -eu
name=$1 disk=$2 lower=$3 trees=$4
read -r pid _ </proc/self/stat # as the real machine counts

mount -t overlay "kamalpy-$name" -o "lowerdir=$lower,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"
cd "$disk/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 run run
mkdir -p run/sshd run/lock
mkdir -p var/lib/docker
mount --bind "$disk/docker" var/lib/docker

mount -t tmpfs -o mode=755 dev dev
mkdir dev/pts dev/shm dev/mqueue
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
ln -s pts/ptmx dev/ptmx
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t mqueue mqueue dev/mqueue

mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
for tree in $trees; do
  IFS=: read -r point kind options <<<"$tree"
  mkdir -p "sys/fs/cgroup/$point"
  mount -t "$kind" ${options:+-o "$options"} cgroup "sys/fs/cgroup/$point"
done
for link in /sys/fs/cgroup/*; do # cpu -> cpu,cpuacct
  if [ -L "$link" ]; then cp -P "$link" sys/fs/cgroup/; fi
done
if [ -w sys/fs/cgroup/cgroup.subtree_control ]; then # v2: processes below, controllers above
  mkdir -p sys/fs/cgroup/init
  echo 0 >sys/fs/cgroup/init/cgroup.procs
  for controller in $(<sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >sys/fs/cgroup/cgroup.subtree_control || :
  done
fi

hostname "$name"
ip link set lo up
mkdir -p mnt/old
pivot_root . mnt/old
cd /
echo "$pid" >"/mnt/old$disk/pid"
umount -l /mnt/old
rmdir /mnt/old
exec /bin/bash /etc/fleet/init.sh
