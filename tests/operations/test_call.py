"""Arguments that an operation cannot take: the whole message, and where a user reads it."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, get_type_hints

import pytest
from fork_server import ForkServer
from pyinfra.api.hiddenvalue import HiddenValue

from kamalpy import operations
from kamalpy.config import ProxySection
from kamalpy.config.extension import Health
from kamalpy.config.logging import Logging
from kamalpy.config.proxy import Buffering, Healthcheck, ProxyLogging, Ssl
from kamalpy.config.section import Section
from kamalpy.errors import ArgumentError
from kamalpy.operations import accessory, app, argument_types, image
from kamalpy.secrets import Secret

ROOT = Path(__file__).parents[2]
GIVEN = """\
import os
from uuid import uuid4
from kamalpy.config import Builder
from kamalpy.operations import (
    accessory, app, audit, build, container, hook, image, lock, network, proxy, prune, registry,
    server, traefik,
)
from kamalpy.operations import HiddenValue
from kamalpy.secrets import Secret
url = password = pem = key_pem = ""
"""
"""What the examples of docstrings have before them."""
BOOT = {"service": "blog", "version": "v1", "image": "a/b:1"}

MISTAKES: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "a number": (
        app.boot,
        {**BOOT, "version": 1},
        'app.boot: version: should be a string, not an integer; write "1"',
    ),
    "misspelt": (
        app.boot,
        {"service": "blog", "versoin": "v1", "image": "a/b:1"},
        "app.boot: versoin: unknown argument; did you mean version?",
    ),
    "misspelt, pyinfra's": (
        image.pull,
        {"image": "a/b", "_sudoo": True},
        "image.pull: _sudoo: unknown argument; did you mean _sudo?",
    ),
    "missing": (
        app.boot,
        {"service": "blog", "image": "a/b:1"},
        "app.boot: version: is required; help(app.boot) explains it",
    ),
    "None": (image.pull, {"image": None}, "image.pull: image: should be a string, not None"),
    "a string for a list": (
        app.boot,
        {**BOOT, "volumes": "data:/data"},
        'app.boot: volumes: should be a list, not a string; write ["data:/data"]',
    ),
    "a number in a list": (
        app.boot,
        {**BOOT, "volumes": ["a:b", 7]},
        'app.boot: volumes/1: should be a string, not an integer; write "7"',
    ),
    "a list for a dictionary": (
        app.boot,
        {**BOOT, "labels": ["a"]},
        "app.boot: labels: should be a dictionary, not a list",
    ),
    "a number in a dictionary": (
        app.boot,
        {**BOOT, "env": {"A": 1}},
        'app.boot: env/A: should be a string, not an integer; write "1"',
    ),
    "a string for a section": (
        app.switch,
        {"service": "blog", "version": "v1", "proxy": "blog.test"},
        "app.switch: proxy: should be a dictionary, not a string",
    ),
    "a boolean for a number": (
        app.boot,
        {**BOOT, "deploy_timeout": True},
        "app.boot: deploy_timeout: should be an integer, not a boolean",
    ),
    "a plain secret": (
        app.env,
        {"service": "blog", "secrets": {"A": "canary"}},
        "app.env: secrets/A: should be kamalpy.secrets.Secret or HiddenValue(...), not a string, "
        "since pyinfra prints plain values; write HiddenValue(...)",
    ),
    "several": (
        accessory.container,
        {"service": "db", "image": 15, "volumes": "a:b"},
        'accessory.container: image: should be a string, not an integer; write "15"\n'
        'accessory.container: volumes: should be a list, not a string; write ["a:b"]',
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake(mistake: str) -> None:
    call, arguments, message = MISTAKES[mistake]
    with pytest.raises(ArgumentError) as raised:
        call(name="Try", **arguments)
    assert str(raised.value) == message


def test_too_many_arguments() -> None:
    with pytest.raises(ArgumentError, match=r"takes \d arguments, not 9; write"):
        image.absent(*"abcdefghi")


@pytest.mark.parametrize("value", [Secret.of("A", "x"), HiddenValue("x")])
def test_secrets_are_taken(value: object) -> None:
    with pytest.raises(ArgumentError, match="versoin"):  # and nothing else
        app.boot(**BOOT, secrets={"A": value}, versoin="v1")


LINES = """\
from kamalpy import deploys
from kamalpy.operations import app

{}
"""


@pytest.mark.parametrize(
    ("flag", "line", "message"),
    [
        (
            "-y",
            'app.boot(service="blog", version=1, image="a/b:1")',
            'app.boot: version: should be a string, not an integer; write "1"',
        ),
        (
            "--dry",
            'app.boot(service="blog", version=1, image="a/b:1")',
            'app.boot: version: should be a string, not an integer; write "1"',
        ),
        (
            "--dry",
            'app.boot(service="blog", version="1", image="a/b:1", proxy={"hots": "x"})',
            "proxy/hots: unknown key; did you mean hosts?",
        ),
        (
            "-y",
            'app.boot(service="blog", version="1", image="a/b:1", proxy={"hots": "x"})',
            "proxy/hots: unknown key; did you mean hosts?",
        ),
        (
            "-y",
            'app.boot(service="blog", version="1", image="a/b:1", logging={"drivr": "x"})',
            "logging/drivr: unknown key; did you mean driver?",
        ),
        (
            "-y",
            'app.switch(service="blog", version="1", proxy={}, health={"prt": 1})',
            "health/prt: unknown key; did you mean port?",
        ),
        (
            "--dry",
            "deploys.deploy(verison='x')",
            "verison: unknown argument; did you mean version?",
        ),
        (
            "--dry",
            "deploys.deploy(roles='web')",
            'roles: should be a list, not a string; write ["web"]',
        ),
        ("-y", "deploys.accessory_boot()", "accessory: is missing; write accessory=VALUE"),
        (
            "-y",
            'deploys.accessory_boot("db", accessory="db")',
            "takes accessory and options; write NAME=VALUE",
        ),
        (
            "-y",
            "deploys.deploy()",
            "config/deploy.yml: no such file in FOLDER/config; make one with kamalpy init, or give "
            "another with -c",
        ),
    ],
)
def test_pyinfra_prints_the_users_file_and_line(
    flag: str, line: str, message: str, tmp_path: Path, fork_server: ForkServer
) -> None:
    (tmp_path / "deploy.py").write_text(LINES.format(line))
    env = {**os.environ, "COLUMNS": "200"}
    done = fork_server.run("pyinfra", "@local", "deploy.py", flag, cwd=tmp_path, env=env)
    text = done.stderr.replace(str(tmp_path), "FOLDER")
    assert done.returncode == 1
    assert f"--> pyinfra error in deploy.py line 4: {message}\n" in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("keys", "model", "left_out"),
    [
        (argument_types.Proxy, ProxySection, {"run"}),
        (argument_types.Certificate, Ssl, set()),
        (argument_types.Healthcheck, Healthcheck, set()),
        (argument_types.Buffering, Buffering, set()),
        (argument_types.ProxyLogging, ProxyLogging, set()),
        (argument_types.Health, Health, set()),
        (argument_types.Logging, Logging, set()),
    ],
)
def test_typed_dictionaries_have_the_keys_of_deploy_yml(
    keys: type, model: type[Section], left_out: set[str]
) -> None:
    assert set(get_type_hints(keys)) | left_out == set(model.key_names())


def python(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text()
    return re.findall(r"^```python[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def docstring_examples() -> Iterator[str]:
    for module in pkgutil.iter_modules(operations.__path__):
        for value in vars(importlib.import_module(f"kamalpy.operations.{module.name}")).values():
            text = inspect.getdoc(value) if hasattr(value, "_inner") else ""
            yield dedent((text or "").partition(".. code:: python\n")[2])


def test_the_documented_examples_pass_mypy(tmp_path: Path) -> None:
    deploy, steps = python("operations.md")
    texts = {
        "deploy": deploy,
        "examples": GIVEN + steps + "".join(docstring_examples()),
        "recipe": python("recipes/pyinfra.md")[0],
        "facts": python("facts.md")[0],
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    words = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={ROOT / '.mypy_cache/docs'}"]
    done = subprocess.run(
        [*words, *(f"{name}.py" for name in texts)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "Success: no issues found in 4 source files\n"
