"""Commands that look at servers: what they show, and that it is what Kamal shows."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from fleet.shell import wait_for
from lab import configurations
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers
from lab.terminal import CTRL_C, Terminal

ALIASES = {
    "where": "app exec --reuse -p hostname",
    "say": "app exec --reuse -p echo",
    "again": "say twice",
}


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """Two web servers, and a third with a job and the database."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    project.configure(
        {
            **configurations.grown(fleet.addresses, registry),
            "readiness_delay": 1,
            "boot": {"limit": "100%"},
            "aliases": ALIASES,
        }
    )
    project.secrets(configurations.secrets(registry))
    images.app("v1")
    done = project.kamalpy("setup", "--version", "v1")
    assert done.status == 0, done.text
    return project


def shown(project: Project, *words: object, status: int = 0) -> str:
    """Run kamalpy, which has to end with a status, and return what it shows."""
    done = project.kamalpy(*words)
    assert done.status == status, done.text
    return done.out


def blocks(text: str) -> list[str]:
    """Divide what Kamal or kamalpy shows by hosts, without what changes from second to second."""
    text = re.sub(r"^ +(INFO|DEBUG) .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(Up )?(About )?(an?|\d+|Less than a) (second|minute|hour)s?( ago)?", "*", text)
    text = re.sub(r" {2,}", "  ", text)
    return [block for block in text.split("\n\n") if block.strip()]


@pytest.mark.parametrize(
    "words",
    ["details", "audit", "app containers", "app images", "app version", "accessory details all"],
)
def test_lists_are_those_of_kamal(project: Project, words: str) -> None:
    ours = blocks(shown(project, *words.split()))
    kamals = project.kamal(*words.split())
    assert kamals.status == 0, kamals.text
    assert sorted(ours) == sorted(blocks(kamals.out))


def test_hosts_are_shown_in_their_order(fleet: Servers, project: Project) -> None:
    web, other, job = fleet.addresses
    said = shown(project, "details")
    assert re.findall(r"^(\w.* Host: .*)$", said, re.MULTILINE) == [
        f"Proxy Host: {web}",
        f"Proxy Host: {other}",
        f"App Host: {web}",
        f"App Host: {other}",
        f"App Host: {job}",
        f"Accessory postgres Host: {job}",
    ]
    assert shown(project, "app", "version", "-r", "job") == f"App Host: {job}\nv1\n\n"
    assert shown(project, "app", "version", "-q", "-h", f"{job},{other}") == "v1\nv1\n"


def test_lists_are_printed_for_programs(fleet: Servers, project: Project) -> None:
    lines = shown(project, "app", "version", "--json").splitlines()
    told = [{key: json.loads(each)[key] for key in ("host", "source", "text")} for each in lines]
    assert told == [
        {"host": host.address, "source": role, "text": "v1"}
        for host, role in zip(fleet, ("web", "web", "job"), strict=True)
    ]


def test_unknown_names_are_reported(project: Project) -> None:
    done = project.kamalpy("accessory", "details", "mysql")
    assert (done.status, done.out) == (1, "")
    assert "mysql: no accessory of config/deploy.yml; it has postgres" in done.err
    done = project.kamalpy("app", "version", "-h", "nowhere")
    assert (done.status, done.out) == (1, "")
    assert "--hosts nowhere: matches no host" in done.err


def test_aliases_stand_for_commands(project: Project) -> None:
    assert shown(project, "where", "-q") == shown(
        project, "app", "exec", "--reuse", "hostname", "-p", "-q"
    )
    assert shown(project, "say", "a  b", "-q") == "a  b\n"
    assert shown(project, "again", "c", "-q") == "twice c\n"


def test_logs_are_merged_by_time(fleet: Servers, project: Project) -> None:
    for number, host in enumerate((fleet[0], fleet[1], fleet[0]), 1):
        host.get(f"/version?request={number}", configurations.HOST)
    lines = shown(project, "app", "logs", "-g", "GET /version?request=", "--grep-options=-F")
    found = [
        re.fullmatch(r"(\S+ web \| )(\S+Z) .*request=(\d).*", line) for line in lines.splitlines()
    ]
    first, other = (f"{host.address} web | " for host in fleet.first(2))
    assert [(each[1], each[3]) for each in found if each] == [
        (first, "1"),
        (other, "2"),
        (first, "3"),
    ]
    times = [each[2] for each in found if each]
    assert times == sorted(times)


def test_logs_are_chosen(fleet: Servers, project: Project) -> None:
    job = ("app", "logs", "-r", "job")
    (line,) = shown(project, *job, "-n", "1").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\S+Z worker v1: \d+ notes", line)
    assert shown(project, *job, "-g", "BEGINS", "--grep-options", "-i -A 0", "-T") == (
        "worker v1 begins\n"
    )
    assert shown(project, *job, "-g", "x'; begins", "-T") == ""
    notes = shown(project, *job).splitlines()[1]
    assert shown(project, *job, "--since", notes.split()[0]).splitlines()[0] == notes
    ident = fleet[1].inspect("test-web-v1")["Id"][:12]
    said = shown(project, "app", "logs", "--container-id", ident, "-g", "listens")
    assert said.endswith(" web v1 listens on port 8080\n")
    assert said.startswith(fleet[1].address)
    assert "Deployed" in shown(project, "proxy", "logs", "-p")
    assert "database system is ready" in shown(project, "accessory", "logs", "postgres")
    told = json.loads(shown(project, *job, "-n", "1", "--json"))
    assert (told["host"], told["source"], told["text"][:9]) == (
        fleet[2].address,
        "job",
        "worker v1",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\S+Z", told["time"])
    done = project.kamalpy("app", "logs", "--container-id", "nosuchthing")
    assert done.status == 1
    assert f"{fleet[0].address}  nosuchthing does not run here" in done.err


def test_logs_of_all_hosts_are_followed(fleet: Servers, project: Project) -> None:
    first, other, job = (host.address for host in fleet)
    with Terminal(project, "kamalpy", "app", "logs", "-f", "-n", "1") as terminal:
        terminal.wait_for(f"{first} web", f"{other} web", f"{job} job", "notes")
        for host in fleet.first(2):
            host.get("/version?followed", configurations.HOST)
        terminal.wait_for("followed", "followed", "worker v1", "worker v1")
        terminal.type(CTRL_C)
        assert terminal.status() == 130
    colors = set(re.findall(r"\x1b\[(\d+)m[\d.]+ (?:web|job) ", terminal.text))
    assert len(colors) == 3
    assert "Traceback" not in terminal.text
    assert "KeyboardInterrupt" not in terminal.text
    for host in fleet:
        host.wait_for("! pgrep -f '[d]ocker logs'")


def test_logs_are_followed_into_a_pipe_without_colours(fleet: Servers, project: Project) -> None:
    running = project.start("kamalpy", "proxy", "logs", "-f", "-g", '"piped"', "-T")
    try:
        wait_for("both logs", lambda: all(following(host) for host in fleet.first(2)), 20)
        fleet[1].get("/version?piped", configurations.HOST)
        wait_for("the line", lambda: "piped" in running.text(), 20)
        assert running.text().startswith(f"{fleet[1].address} | {{")
    finally:
        running.send(signal.SIGTERM)
        running.wait()
    for host in fleet:
        host.wait_for("! pgrep -f '[d]ocker logs'")


def following(host: Host) -> bool:
    """Tell whether somebody follows a log there."""
    return host.status("pgrep -f '[d]ocker logs'") == 0
