"""Nothing is removed without confirmation: no server is contacted before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kamalpy.cli.main import root
from kamalpy.cli.proxy import _boot_config
from kamalpy.cli.settings import Settings
from kamalpy.errors import DeployError

CONFIG = """
service: blog
image: acme/blog
registry: {username: u, password: [P]}
builder: {arch: amd64}
servers: [server.invalid]
accessories: {db: {image: postgres, host: server.invalid}}
"""
BY_NAME = [
    "remove",
    "remove --data",
    "accessory remove db",
    "accessory remove_service_directory db",
]
BY_YES = ["proxy reboot", "proxy upgrade", "upgrade", "accessory upgrade db"]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)


def refusal(command: str, answer: str) -> tuple[str, str]:
    """Run a command that is refused; return what it asked, and why it did not go on."""
    ran = CliRunner().invoke(root, command.split(), input=answer, obj=Settings())
    assert isinstance(ran.exception, DeployError), ran.output
    return ran.stderr.splitlines()[-1], str(ran.exception)


@pytest.mark.parametrize("command", BY_NAME)
@pytest.mark.parametrize("answer", ["y\n", "Blog\n", "blog-db\n", "\n"])
def test_only_the_services_name_will_do(command: str, answer: str) -> None:
    question, why = refusal(command, answer)

    assert question == "Type the name of the service to continue, blog: "
    assert why == f"{answer.strip()!r} is not blog: nothing was removed"


@pytest.mark.parametrize("command", BY_YES)
@pytest.mark.parametrize("answer", ["n\n", "\n", "blog\n"])
def test_only_yes_will_do(command: str, answer: str) -> None:
    question, why = refusal(command, answer)

    assert question.endswith("Continue? [y/N] ")
    assert why == "not confirmed: nothing was changed"


@pytest.mark.parametrize("command", [*BY_NAME, *BY_YES])
def test_nobody_there_is_no_yes(command: str) -> None:
    assert refusal(command, "")[1] == "standard input ended before an answer; -y skips the question"


@pytest.mark.parametrize(
    "verb", ["boot", "stop", "remove", "remove --data", "remove_service_directory", "upgrade -y"]
)
def test_an_unknown_accessory_is_refused_before_confirmation(verb: str) -> None:
    ran = CliRunner().invoke(root, ["accessory", *verb.split(), "cache"], obj=Settings())

    assert ran.output == ""
    assert str(ran.exception) == "cache: no accessory of config/deploy.yml; it has db"


SAID = {
    "publish": True,
    "publish_host_ip": (),
    "http_port": 80,
    "https_port": 443,
    "log_max_size": "10m",
    "docker_options": (),
}


def test_boot_config_publishes_on_each_address() -> None:
    found = _boot_config((), {**SAID, "publish_host_ip": ("10.0.0.1", "[::1]"), "http_port": 8080})

    ports = ("10.0.0.1:8080:80", "10.0.0.1:443:443", "[::1]:8080:80", "[::1]:443:443")
    published = " ".join(f"--publish {port}" for port in ports)
    assert found["options"] == f"{published} --log-opt max-size=10m"


def test_boot_config_takes_options_as_kamal_does() -> None:
    found = _boot_config(("c=d",), {**SAID, "docker_options": ("a=b",)})

    assert found["options"].endswith("--log-opt max-size=10m --a=b --c=d")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("set --publish-host-ip nowhere", "--publish-host-ip nowhere: is no IP address"),
        ("set a=b", "a=b: unexpected argument; put --docker-options last"),
    ],
)
def test_boot_config_refuses(words: str, why: str) -> None:
    ran = CliRunner().invoke(root, ["proxy", "boot_config", *words.split()], obj=Settings())

    assert ran.exit_code == 2
    assert why in ran.output
