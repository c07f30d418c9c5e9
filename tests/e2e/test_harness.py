"""The servers that all other e2e tests stand on, and the projects; more is in harness/."""

from __future__ import annotations

import signal
import time

import pytest
from fleet.fleet import Fleet
from lab.host import Host
from lab.project import Project
from lab.servers import Servers


def ssh(project: Project, host: Host, command: str, user: str = "root") -> list[str]:
    """Spell an OpenSSH command line that uses the project's key."""
    known = f"UserKnownHostsFile={project.home}/.ssh/known_hosts"
    key = project.home / ".ssh/id_ed25519"
    return ["ssh", "-o", known, "-i", str(key), "-l", user, host.address, command]


def test_servers_are_machines_of_their_own(fleet: Servers) -> None:
    fleet[0].sh("touch /root/only-here; docker network create only-here")
    assert [host.sh("hostname").strip() for host in fleet] == ["h1", "h2", "h3"]
    assert [host.sh("ls /root").split() for host in fleet] == [["only-here"], [], []]
    assert [host.status("docker network inspect only-here") for host in fleet] == [0, 1, 1]
    assert len({host.sh("docker info --format '{{.ID}}'") for host in fleet}) == 3
    assert fleet[0].sh("ps -o comm= -p 1").strip() == "bash"


def test_servers_reach_each_other_and_nothing_else(fleet: Servers) -> None:
    h1, h2, _ = fleet
    assert h1.status(f"timeout 2 bash -c 'exec 3<>/dev/tcp/{h2.address}/22'") == 0
    assert h1.sh("ip route show default") == ""
    assert h1.status("getent hosts debian.org") != 0


@pytest.mark.parametrize(("user", "groups"), [("root", "root"), ("deploy", "deploy docker")])
def test_users_log_in_with_the_key(h1: Host, project: Project, user: str, groups: str) -> None:
    done = project.run(*ssh(project, h1, "id -Gn; docker ps -q; sudo -n id -u", user))
    assert (done.status, done.out) == (0, f"{groups}\n0\n")


def test_every_exec_request_and_connection_is_counted(h1: Host, project: Project) -> None:
    h1.mark()
    command = 'printf "%s|" "a\tb" \'c\\d\'\necho ü; exit 3'
    done = project.run(*ssh(project, h1, command))
    assert (done.status, done.out) == (3, "a\tb|c\\d|ü\n")
    project.run(*ssh(project, h1, "true", user="deploy"))
    seen = [(found.user, found.command, found.status) for found in h1.execs()]
    assert seen == [("root", command, 3), ("deploy", "true", 0)]
    assert h1.connections() == 2


def test_a_command_that_was_cut_off_is_counted(h1: Host, project: Project) -> None:
    h1.mark()
    running = project.start(*ssh(project, h1, "sleep 30"))
    h1.wait_for("pgrep -x sleep")
    running.send(signal.SIGKILL)
    assert running.wait().status == 128 + signal.SIGKILL
    assert [(found.command, found.status) for found in h1.execs()] == [("sleep 30", None)]
    assert h1.status("pgrep -x sleep") == 0


def test_files_go_over_sftp_and_scp(h1: Host, project: Project) -> None:
    source = project.write("file", "content")
    known = f"UserKnownHostsFile={project.home}/.ssh/known_hosts"
    for flag in ("-s", "-O"):
        words = ["scp", flag, "-o", known, "-i", project.home / ".ssh/id_ed25519", source]
        assert project.run(*words, f"root@{h1.address}:/root/file{flag}").status == 0
        assert h1.sh(f"cat /root/file{flag}") == "content"


def test_a_reboot_keeps_the_disk_and_brings_containers_back(h1: Host) -> None:
    h1.sh("echo kept >/root/kept")
    h1.sh("docker run --detach --name web --restart unless-stopped --init python:3.11 sleep 1000")
    h1.sh("docker run --detach --name once --init python:3.11 sleep 1000")
    before = h1.sh("cat /proc/sys/kernel/random/boot_id; date +%s%N")
    h1.server.restart()
    assert h1.sh("cat /root/kept") == "kept\n"
    assert h1.docker_ps() == ["web"]
    assert h1.docker_ps(everything=True) == ["once", "web"]
    assert before != ""


def test_limits_reach_containers(h1: Host) -> None:
    files = "/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes"
    said = h1.sh(f"docker run --rm --memory 64m python:3.11 sh -c 'cat {files} 2>/dev/null; true'")
    assert said.strip() == str(64 << 20)


def test_a_host_that_is_cut_off_comes_back(fleet: Servers) -> None:
    h1, h2, _ = fleet
    reach = f"timeout 1 bash -c 'exec 3<>/dev/tcp/{h2.address}/22'"
    with h2.cut_off():
        assert h1.status(reach) != 0
    h1.wait_for(reach)


def test_state_is_the_same_until_something_changes(h1: Host) -> None:
    h1.sh("mkdir -p /root/.kamal && echo 1 >/root/.kamal/file")
    before = h1.state()
    assert h1.state() == before
    h1.sh("echo 1 >/root/.kamal/file")
    after = h1.state()
    assert after != before
    h1.sh("docker run --detach --name web python:3.11 sleep 1000")
    assert h1.state() != after


def test_a_server_without_docker_can_install_it(lab: Fleet) -> None:
    server = lab.server("h9")
    try:
        server.up(docker=False)
        assert server.run("docker", "ps").returncode != 0
        server.must("apt-get", "update")
        server.must("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y",
                    "--no-install-recommends", "docker.io")  # fmt: skip
        server.up(docker=False)
        deadline = time.monotonic() + 20
        while not server.docker_answers() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert server.must("docker", "ps", "--quiet") == ""
    finally:
        server.down()


def test_a_project_is_a_git_repository_when_committed(project: Project) -> None:
    project.configure({"service": "test"})
    commit = project.commit()
    assert len(commit) == 40
    assert project.run("git", "status", "--porcelain").out == ""


def test_a_program_sees_the_secrets_of_the_project_and_no_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER", "x")
    project.secrets({"TOKEN": "a b"})
    assert (project.folder / ".kamal/secrets").read_text() == "TOKEN=$TOKEN\n"
    assert project.run("sh", "-c", 'echo "$TOKEN|${OTHER-}"').out == "a b|\n"


def test_pyinfra_reaches_every_host_over_one_connection(project: Project, fleet: Servers) -> None:
    fleet.mark()
    project.write("inventory.py", f"hosts = {fleet.addresses!r}\n")
    project.write(
        "deploy.py",
        "from pyinfra.operations import server\nserver.shell(name='Say', commands=['echo hi'])\n",
    )
    done = project.pyinfra("inventory.py", "deploy.py", "-y", "--user", "root")
    assert done.status == 0, done.text
    assert [host.connections() for host in fleet] == [1, 1, 1]
    assert ["echo hi" in host.execs()[-1].command for host in fleet] == [True] * 3
