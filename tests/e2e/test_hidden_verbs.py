"""No value of a secret shows, whatever command runs and however an app or a hook tells it."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.host import Host
from lab.project import Project, Result
from lab.sampler import Sampler
from lab.servers import Images, Servers

CANARIES = {
    "XAI_API_KEY": "canary-xai-9f3b",
    "SIDE_CAR": "canary 'two\" $HOME <line> €",
    "DATABASE_URL": "postgres://canary:pass@test-postgres:5432/production_db",
    "POSTGRES_PASSWORD": "canary-pg-77",
}
TELLS = """
import base64, html, json, os, shlex, sys
from urllib.parse import quote
for name in ("XAI_API_KEY", "SIDE_CAR", "DATABASE_URL"):
    value = os.environ[name]
    print("told:", value, json.dumps({name: value}), json.dumps(json.dumps(value)))
    print("told:", quote(value), quote(quote(value, safe="")), html.escape(value), repr(value))
    print("told:", base64.b64encode(value.encode()).decode(), shlex.quote(value))
    print("told:", value, file=sys.stderr)
sys.exit(int(os.environ.get("TELLS_STATUS", "0")))
"""
CMD = "sh -c 'python -c \"$TELLS\" && exec python -m app web'"
VERBS = [
    ["plan"],
    ["deploy", "--dry", "--diff", "-vv"],
    ["details"],
    ["config"],
    ["audit"],
    ["releases"],
    ["app", "logs", "--lines", "300"],
    ["app", "exec", "env"],
    ["app", "exec", "--reuse", "env"],
    ["accessory", "exec", "postgres", "--reuse", "env"],
    ["accessory", "logs", "postgres"],
    ["server", "exec", "docker inspect $(docker ps -q)"],
    ["rollback", "v1", "-vv"],
    ["accessory", "reboot", "postgres", "-vv"],
    ["secrets", "check", "--servers", "--rotated", "XAI_API_KEY"],
]
TOLD = {"app logs", "app exec", "accessory exec", "server exec"}
"""Commands that would show values if nobody took them out."""


def forms(value: str) -> set[str]:
    """Write a value in all the ways that matter here."""
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(json.dumps(value))[3:-3],
        shlex.quote(value).strip("'"),
        quote(value),
        quote(value, safe=""),
        html.escape(value),
        repr(value)[1:-1],
        base64.b64encode(value.encode()).decode().rstrip("="),
    }


def shown(text: str) -> list[str]:
    """List what of the canaries a text has, in whatever form."""
    return [form for value in CANARIES.values() for form in forms(value) if form in text]


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """An app that tells its secrets when it boots, and a hook that tells them as well."""
    project = new_project()
    configure(project, fleet, registry)
    values = {**configurations.secrets(registry), **CANARIES}
    lines = (
        f"{name}={json.dumps(value).replace('$', chr(92) + '$')}\n"
        for name, value in values.items()
    )
    project.write(".kamal/secrets", "".join(lines).replace("\\u20ac", "€"))
    script = 'printf "%s\\n" "$XAI_API_KEY" "$SIDE_CAR"; printf %s "$SIDE_CAR" | base64'
    project.write(".kamal/hooks/pre-deploy", f"#!/bin/sh\n{script}\n", 0o755)
    (project.home / "tmp").mkdir()
    project.environment["TMPDIR"] = str(project.home / "tmp")
    for version in ("v1", "v2", "v3"):
        images.app(version)
    return project


def configure(project: Project, fleet: Servers, registry: Registry, **clear: str) -> None:
    """Write deploy.yml."""
    config = configurations.grown(fleet.addresses, registry)
    web = {"hosts": config["servers"]["web"], "cmd": CMD}
    env = config["env"]
    config |= {
        "servers": {**config["servers"], "web": web},
        "env": {
            "clear": {**env["clear"], "TELLS": TELLS, **clear},
            "secret": [*env["secret"], "SIDE_CAR"],
        },
        "readiness_delay": 1,
        "deploy_timeout": 15,
        "hooks_output": "verbose",
    }
    project.configure(config)


def watched(project: Project, *words: str, version: str = "v2") -> Result:
    """Run a command while every process is looked at."""
    with Sampler([*CANARIES.values()], environ=True) as sampler:
        done = project.kamalpy(*words, env={"VERSION": version})
    assert sampler.rounds > 5
    assert sampler.seen == []
    return done


@pytest.mark.parametrize(("version", "words"), [("v1", ["-vv", "--diff"]), ("v2", ["--json"])])
def test_setup_with_an_app_and_a_hook_that_tell(
    project: Project, version: str, words: list[str]
) -> None:
    done = watched(project, "setup", *words, version=version)
    assert done.status == 0, done.text
    assert shown(done.text) == []
    assert "*XAI_API_KEY*\n" in done.text or '*XAI_API_KEY*"' in done.text


def test_the_app_has_its_secrets_byte_for_byte(fleet: Servers, project: Project) -> None:
    env = fleet[0].inspect("test-web-v2")["Config"]["Env"]
    assert f"SIDE_CAR={CANARIES['SIDE_CAR']}" in env
    assert "canary-xai-9f3b" in fleet[0].logs("test-web-v2")


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_verbs(project: Project, words: list[str]) -> None:
    done = watched(project, *words)
    assert done.status in (0, 2), done.text
    assert shown(done.text) == []
    if " ".join(words[:2]) in TOLD:
        assert any(f"*{name}*" in done.text for name in CANARIES), done.text


@pytest.mark.parametrize("tool", ["kamalpy", "pyinfra"])
def test_a_version_that_prints_its_secrets_and_crashes(
    project: Project, fleet: Servers, registry: Registry, tool: str
) -> None:
    configure(project, fleet, registry, TELLS_STATUS="1")
    if tool == "kamalpy":
        done = watched(project, "deploy", "-vv", version="v3")
    else:
        done = project.deploy("v3", "-y", "-vvv", "--debug")
    configure(project, fleet, registry)
    assert done.status != 0
    assert "the last lines of its log" in done.text
    assert "told: *XAI_API_KEY*" in done.text
    assert shown(done.text) == []


def written(folder: Path, *spared: str) -> list[str]:
    """List the files below a folder that have a canary, but for those that are meant to."""
    files = (each for each in folder.rglob("*") if each.is_file() and each.name not in spared)
    return [str(each) for each in files if shown(each.read_text(errors="replace"))]


def test_no_file_on_this_machine_has_one(project: Project) -> None:
    logs = list(project.folder.glob(".kamal/log/*.log"))
    assert any("*XAI_API_KEY*" in each.read_text() for each in logs)
    assert written(project.folder, "secrets") == []
    assert written(project.home) == []
    assert list((project.home / "tmp").iterdir()) == []


def test_no_file_on_a_server_has_one_that_others_may_read(fleet: Servers) -> None:
    assert [found for host in fleet for found in _found(host)] == []


def _found(host: Host) -> list[str]:
    """List files with canaries: outside of Docker's own data, and of files for root alone."""
    own = ("/proc", "/sys", "/var/lib/docker", "/var/lib/containerd", "/run/docker")
    pruned = " -o ".join(f"-path {each}" for each in own)
    said = host.sh(
        f"find / \\( {pruned} \\) -prune -o -type f -newer /etc/hostname -print0 |"
        "xargs -0 grep -alsE 'canary-xai|canary-pg|canary:pass|canary .two' |"
        "xargs -r stat -c '%a %u %n' || true"
    )
    private = re.compile(r"600 0 .*/\.kamal/apps/.*[./](env|odd)")
    return [line for line in said.splitlines() if not private.fullmatch(line)]


def test_no_label_and_no_image_has_one(fleet: Servers) -> None:
    for host in fleet:
        kept = host.sh(
            "docker ps -aq | xargs -r docker inspect --format '{{.Config.Labels}} {{.Args}}';"
            "docker image ls -q | xargs -r docker history --no-trunc;"
            "docker volume ls --quiet | xargs -r docker volume inspect;"
            "docker network inspect kamal"
        )
        assert shown(kept) == []
