"""Hooks, the audit log and the lock: what they are told, next to what the real Kamal tells."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project, Result
from lab.servers import Images, Servers

KAMALPY = Path(sys.executable).parent / "kamalpy"
HOOKS = ("pre-connect", "docker-setup", "pre-deploy", "pre-app-boot", "post-app-boot")
AFTER = ("post-deploy", "post-deploy-failed")
NOTE = """#!/bin/sh
{ echo "== ${0##*/}"; env | grep -E '^(KAMAL_|XAI_|DATABASE_|POSTGRES_)' | sort; } >>hooks.log
echo "${0##*/} was here with $XAI_API_KEY"
"""
LOCK = """cd "$HOME/.ssh"
ssh -i id_ed25519 -o UserKnownHostsFile="$PWD/known_hosts" root@ADDRESS \\
  "base64 -d <.kamal/lock-test/details" >"$OLDPWD/lock.txt"
"""
SECRET = {"pre-connect", "pre-deploy", *AFTER}


class Blog:
    """A project on one server, driven by either tool."""

    def __init__(self, project: Project, servers: Servers, images: Images) -> None:
        self.project, self.servers, self.images = project, servers, images

    def hook(self, name: str, script: str = NOTE) -> None:
        self.project.write(f".kamal/hooks/{name}", script, 0o755)

    def run(self, program: str, *words: object, version: str = "v1", **env: str) -> Result:
        """Run a command, without what hooks have noted before."""
        (self.project.folder / "hooks.log").unlink(missing_ok=True)
        if version.startswith("v"):
            self.images.app(version)
        tool = KAMALPY if program == "kamalpy" else KAMALPY.with_name("kamal")
        return self.project.run(tool, *words, env={"VERSION": version, **env})

    def noted(self) -> list[tuple[str, dict[str, str]]]:
        """List the hooks that were run, each with its variables."""
        log = self.project.folder / "hooks.log"
        parts = log.read_text().split("== ")[1:] if log.exists() else []
        return [
            (part.splitlines()[0], dict(line.split("=", 1) for line in part.splitlines()[1:]))
            for part in parts
        ]


@pytest.fixture(scope="module")
def blog(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Blog:
    """A server that kamalpy has set up."""
    fleet.renew(1)
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    config = configurations.first(fleet[0].address, registry)
    del config["accessories"]
    config["readiness_delay"] = 1
    config["deploy_timeout"] = 6
    project.configure(config)
    values = configurations.secrets(registry)
    project.write(".kamal/secrets", "".join(f"{name}='{each}'\n" for name, each in values.items()))
    blog = Blog(project, fleet, images)
    for name in (*HOOKS, *AFTER):
        blog.hook(name)
    done = blog.run("kamalpy", "setup")
    assert done.status == 0, done.text
    return blog


def test_setup_runs_each_hook_once_and_shows_nothing_of_it(blog: Blog) -> None:
    names = [name for name, _ in blog.noted()]
    assert names == [*HOOKS, "post-deploy"]
    for name, told in blog.noted():
        assert ("XAI_API_KEY" in told) == (name in SECRET), name
        assert told["KAMAL_COMMAND"] == "setup"


def test_both_tools_tell_hooks_the_same_and_write_the_same_lock_and_audit_log(blog: Blog) -> None:
    address = blog.servers[0].address
    blog.hook("pre-deploy", NOTE + LOCK.replace("ADDRESS", address))
    seen, left = {}, {}
    for program, version, words in (
        ("kamal", "v2", ["deploy", "--skip-push"]),
        ("kamalpy", "v3", ["deploy", "--skip-push"]),
    ):
        blog.servers[0].sh(": >/root/.kamal/test-audit.log")
        done = blog.run(program, *words, version=version)
        assert done.status == 0, done.text
        lock = (blog.project.folder / "lock.txt").read_text()
        audit = blog.servers[0].sh("cat /root/.kamal/test-audit.log")
        left[program] = [timeless(text, version) for text in (lock, audit)]
        assert "XAI" not in done.text
        assert "was here" not in done.text
        noted = blog.noted()
        for _, told in noted:
            assert re.fullmatch(r"20[\d-]+T[\d:]+Z", told.pop("KAMAL_RECORDED_AT"))
            assert told.pop("KAMAL_RUNTIME", "0").isdigit()
            assert told.pop("KAMAL_VERSION") == version
            assert told.pop("KAMAL_SERVICE_VERSION") == f"test@{version}"
        seen[program] = noted
    assert [name for name, _ in seen["kamalpy"]] == [
        *(each for each in HOOKS if each != "docker-setup"),
        "post-deploy",
    ]
    assert seen["kamalpy"] == seen["kamal"]
    assert seen["kamalpy"][1][1] == {
        "KAMAL_COMMAND": "deploy",
        "KAMAL_HOSTS": address,
        "KAMAL_LOCK": "true",
        "KAMAL_PERFORMER": "ada@example.com",
        "KAMAL_SERVICE": "test",
        **configurations.secrets(blog.images.registry),
    }
    assert left["kamalpy"][0] == [
        "Locked by: Ada at TIME",
        "Version: VERSION",
        "Message: Automatic deploy lock",
    ]
    assert left["kamalpy"] == left["kamal"]
    blog.hook("pre-deploy")


@pytest.mark.parametrize("name", ["pre-connect", "pre-deploy", "pre-app-boot"])
def test_one_that_fails_stops_all_before_anything_has_changed(blog: Blog, name: str) -> None:
    before = blog.servers[0].docker_ps(True)
    blog.servers[0].mark()
    blog.hook(name, "#!/bin/sh\necho because $XAI_API_KEY >&2\nexit 3\n")

    done = blog.run("kamalpy", "deploy", version="v4")

    blog.hook(name)
    assert done.status == 1, done.text
    assert f".kamal/hooks/{name}: the hook {name} ended with 3" in done.err
    assert "because" in done.err
    assert "xai-4711" not in done.err
    assert "Traceback" not in done.err
    assert "\nTry: kamalpy deploy " in done.err
    assert blog.servers[0].docker_ps(True) == before
    assert blog.servers[0].status("test -e .kamal/lock-test") == 1
    if name == "pre-connect":
        assert (blog.servers[0].execs(), blog.noted()) == ([], [])
    else:
        assert blog.noted()[-1][0] == "post-deploy-failed"


def test_the_last_one_fails_when_all_is_done(blog: Blog) -> None:
    blog.hook("post-deploy", "#!/bin/sh\nexit 3\n")

    done = blog.run("kamalpy", "deploy", version="v4")

    blog.hook("post-deploy")
    assert done.status == 1, done.text
    assert "the hook post-deploy ended with 3" in done.err
    assert "test-web-v4" in blog.servers[0].docker_ps()


def test_what_they_print_is_shown_if_that_is_wanted(blog: Blog) -> None:
    text = (blog.project.folder / "config/deploy.yml").read_text()
    blog.project.write("config/deploy.yml", f"{text}hooks_output: verbose\n")
    told = blog.run("kamalpy", "deploy", version="v5")
    blog.project.write("config/deploy.yml", f"{text}hooks_output: {{pre-deploy: quiet}}\n")
    verbose = blog.run("kamalpy", "deploy", "-v", version="v7")

    for done in (told, verbose):
        assert done.status == 0, done.text
        for name in ("pre-connect", "pre-deploy", "post-app-boot", "post-deploy"):
            assert f"{name} was here with" in done.err
        assert "pre-deploy was here with *XAI_API_KEY*\n" in done.err
        assert "xai-4711" not in done.text
    blog.project.write("config/deploy.yml", text)


def test_they_can_be_left_out_and_a_run_without_changes_has_none(blog: Blog) -> None:
    done = blog.run("kamalpy", "deploy", "-H", version="v8")
    assert (done.status, blog.noted()) == (0, [])
    assert "test-web-v8" in blog.servers[0].docker_ps()

    done = blog.run("kamalpy", "deploy", version="v8")
    assert (done.status, [name for name, _ in blog.noted()]) == (0, ["pre-connect"])


def test_whoever_is_started_by_a_hook_has_its_lock(blog: Blog) -> None:
    blog.hook("pre-deploy", f'#!/bin/sh\nVERSION=v8 exec "{KAMALPY}" deploy -H\n')
    done = blog.run("kamalpy", "deploy", version="v9")
    blog.hook("pre-deploy")
    assert done.status == 0, done.text

    held = blog.project.kamal("lock", "acquire", "-m", "hands off", env={"VERSION": "v1"})
    assert held.status == 0, held.text
    refused = blog.run("kamalpy", "deploy", version="v10")
    assert refused.status == 3, refused.text
    assert "Message: hands off" in refused.err
    assert "Try: kamalpy lock status" in refused.err
    done = blog.run("kamalpy", "deploy", version="v10", KAMAL_LOCK="true")
    assert done.status == 0, done.text
    released = blog.project.kamal("lock", "release", env={"VERSION": "v1"})
    assert "Released the deploy lock" in released.out


def timeless(text: str, version: str) -> list[str]:
    """Take times and versions out of lines; kamalpy tells of pruning only where it was done."""
    text = re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
    lines = text.replace(version, "VERSION").splitlines()
    return [line for line in lines if "Pruned" not in line]
