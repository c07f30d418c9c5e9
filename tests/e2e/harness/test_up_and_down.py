"""Fleets come, go, crash, and stay out of each other's way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import cgroups, network, process
from fleet.errors import FleetError
from fleet.fleet import Fleet
from fleet.settings import Settings
from fleet.shell import works
from lab.servers import Servers

TESTBED = Path(__file__).parents[2] / "testbed"


@pytest.fixture
def second(lab: Fleet) -> Iterator[Fleet]:
    """A fleet beside the first: nothing of it may be there when it went down."""
    settings = Settings(lab.settings.directory / "second", "10.254.254")
    settings.directory.mkdir()
    (settings.directory / "rootfs").symlink_to(lab.settings.directory / "rootfs")
    fleet = Fleet(settings)
    yield fleet
    fleet.down()
    (settings.directory / "rootfs").unlink()
    fleet.purge()


def leftovers(fleet: Fleet) -> list[str]:
    """Say what is left of a fleet besides files."""
    settings = fleet.settings
    mounts = [
        line
        for line in Path("/proc/mounts").read_text().splitlines()
        if str(settings.directory) in line
    ]
    groups = [str(path) for path in Path("/sys/fs/cgroup").glob(f"**/{settings.prefix}")]
    devices = [settings.device] if works("ip", "link", "show", settings.device) else []
    pids = [f"pid {pid}" for pid in process.marked(settings.mark())]
    return [*mounts, *groups, *devices, *network.namespaces(settings), *pids]


def test_down_leaves_nothing(second: Fleet) -> None:
    network.raise_switch(second.settings)
    second.server("h1").up(docker=False)
    assert len(leftovers(second)) > 3
    second.down()
    assert leftovers(second) == []
    assert second.servers() == []


def test_a_subnet_that_another_fleet_has_is_refused(second: Fleet) -> None:
    network.raise_switch(second.settings)
    third = Settings(second.settings.directory / "third", second.settings.subnet)
    with pytest.raises(
        FleetError, match=f"is the network of the fleet in {second.settings.directory}"
    ):
        network.raise_switch(third)


def test_a_crash_is_cleaned_up_by_the_next_start(second: Fleet) -> None:
    network.raise_switch(second.settings)
    server = second.server("h1")
    server.up(docker=False)
    server.must(
        "sh", "-c", "echo kept >/root/kept; mkdir /tmp/folder; mount -t tmpfs x /tmp/folder"
    )
    process.kill_all(server.mark)
    assert server.pid is None
    assert leftovers(second) != []
    server.up()
    assert server.must("cat", "/root/kept") == "kept\n"


def test_up_twice_changes_nothing(fleet: Servers, lab: Fleet) -> None:
    before = [host.server.pid for host in fleet]
    lab.boot([host.server for host in fleet])
    assert [host.server.pid for host in fleet] == before


def test_renewed_servers_have_fresh_disks(fleet: Servers) -> None:
    fleet[0].sh("touch /root/old")
    fleet.renew()
    assert fleet[0].status("test -e /root/old") == 1


@pytest.mark.usefixtures("lab")
def test_a_container_with_control_groups_v2_steps_aside_and_back() -> None:
    """A shell in a group of its own takes the part of the container."""
    trees = [tree.point for tree in cgroups.hierarchies() if tree.version == 2]
    if not trees or not (trees[0] / "cgroup.controllers").read_text().strip():
        pytest.skip("no controller of control groups v2 here, all belong to v1")
    (trees[0] / "box").mkdir()
    script = """
from fleet import cgroups
from pathlib import Path
here = Path("/sys/fs/cgroup")
before = (here / "cgroup.procs").read_text()
group, = cgroups.prepare("fleet", "h1")
passed = (group.parent / "cgroup.controllers").read_text()
print(passed == (here / "cgroup.controllers").read_text(), passed.split())
print((here / "cgroup.procs").read_text().split())
cgroups.remove("fleet")
print(before == (here / "cgroup.procs").read_text(), [p.name for p in here.iterdir() if p.is_dir()])
"""
    enter = f"echo $$ >{trees[0]}/box/cgroup.procs && exec unshare --cgroup --mount bash -c "
    mount = "umount --recursive /sys/fs/cgroup; mount -t cgroup2 box /sys/fs/cgroup"
    mount = f'{mount}; {sys.executable} -c "$0"'
    words = ["bash", "-c", f"{enter} '{mount}' \"$0\"", script]
    done = subprocess.run(words, cwd=TESTBED, capture_output=True, text=True)
    (trees[0] / "box").rmdir()
    assert done.stderr == ""
    passed_on = (trees[0] / "cgroup.subtree_control").read_text().split()
    assert done.stdout == f"True {passed_on}\n[]\nTrue []\n"


def test_one_program_at_a_time(lab: Fleet) -> None:
    words = [sys.executable, "-m", "fleet", "down"]
    names = {
        "KAMALPY_FLEET_DIR": str(lab.settings.directory),
        "KAMALPY_FLEET_SUBNET": lab.settings.subnet,
    }
    env = {**os.environ, **names}
    done = subprocess.run(words, cwd=TESTBED, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("fleet: another program is at work on the fleet in ")


def test_a_missing_root_is_reported() -> None:
    words = ["unshare", "--user", sys.executable, "-m", "fleet", "up", "1"]
    done = subprocess.run(words, cwd=TESTBED, capture_output=True, text=True)
    sentence = "needs root: servers are made of namespaces, mounts and cgroups; try sudo"
    assert (done.returncode, done.stderr) == (1, f"fleet: {sentence}\n")


@pytest.mark.parametrize("kind", ["image", "memory"])
def test_a_root_that_is_an_overlay_gets_a_disk_of_its_own(tmp_path: Path, kind: str) -> None:
    """In a mount namespace of its own: what is mounted there is gone with it."""
    if kind == "image" and not works("losetup", "--find"):
        pytest.skip("no loop device here")
    script = """
import sys
from pathlib import Path
from fleet import storage
if sys.argv[2] == "memory":
    storage._mount_image = lambda directory: False
folder = Path(sys.argv[1]) / "root" / "fleet"
storage.provide(folder)
print(storage._kind(folder), storage._suits(folder))
storage.release(folder)
print(list(folder.iterdir()))
"""
    overlay = "mount -t overlay x -o lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work $1/root"
    shell = f'mkdir $1/{{lower,upper,work,root}}; {overlay}; exec {sys.executable} -c "$3" $1 $2'
    words = ["unshare", "--mount", "bash", "-c", shell, "bash", str(tmp_path), kind, script]
    done = subprocess.run(words, cwd=TESTBED, capture_output=True, text=True)
    name = {"image": "ext2/ext3", "memory": "tmpfs"}[kind]
    assert done.stdout == f"{name} True\n[]\n", done.stderr


@pytest.mark.parametrize("subnet", ["192.168.0", "10.1", "10.1.2.3", "10.x.y"])
def test_a_subnet_that_is_none_is_refused(subnet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAMALPY_FLEET_SUBNET", subnet)
    with pytest.raises(FleetError, match=r"should be three numbers, such as 10\.78\.0"):
        Settings.from_environment()
