"""What kamalpy does not do yet it says, and what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamalpy.cli.main import run

CONFIG = """\
service: blog
image: acme/blog
servers: [h1]
registry: {server: registry.test, username: ada, password: [TOKEN]}
builder:
  arch: [amd64, arm64]
  dockerfile: docker/It's
  target: production
  args: {RUBY: "3"}
  secrets: [GITHUB_TOKEN]
  ssh: default
  context: .
"""
PUSH = """\
Error: kamalpy does not build images yet, so there is no build push.
Build and push it with docker:

    docker buildx build --push --platform linux/amd64,linux/arm64 --tag registry.test/acme/blog:v1 \
--tag registry.test/acme/blog:latest --label service=blog --file 'docker/It'"'"'s' \
--target production --build-arg RUBY --secret id=GITHUB_TOKEN --ssh default .

or with Kamal: kamal build push -c config/blog.yml
Then: kamalpy deploy
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/blog.yml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")


def test_push(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "push", "--no-cache", "-c", "config/blog.yml"]) == 1
    assert capsys.readouterr() == ("", PUSH)


def test_deliver_goes_on_to_the_servers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-c", "config/blog.yml", "build", "deliver"]) == 1
    assert capsys.readouterr().err.endswith("\nThen: kamalpy build pull\n")


@pytest.mark.parametrize("name", ["create", "details", "dev", "remove"])
def test_others_are_left_to_kamal(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(["build", name, "-d", "staging"]) == 1
    assert capsys.readouterr().err == (
        f"Error: kamalpy does not build images yet, so there is no build {name}.\n"
        f"With Kamal: kamal build {name} -d staging\n"
    )
