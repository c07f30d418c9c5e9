"""Execute the examples of operations, and of the pages about them, on a simulated host."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from lab import pages

from kamalpy import operations

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
KNOWN = """\
import os
from uuid import uuid4
from pyinfra.api import HiddenValue
from kamalpy.config import Builder
from kamalpy.operations import (
    accessory, app, audit, build, container, hook, image, lock, network, proxy, prune, registry,
    server, traefik,
)
from kamalpy.secrets import Secret

url, password = "postgres://u:p@db/blog", "hunter2"
pem = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"
key_pem = pem.replace("CERTIFICATE", "PRIVATE KEY")
os.environ.update(DATABASE_URL=url, PASSWORD=password, REGISTRY_PASSWORD=password, VERSION="v3")
"""

FIRST = 'app.stop(name="No app needs the proxy any more", service="blog")\n'


@pytest.fixture
def one_host(project: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A host on which version 1 runs, and all that the examples speak of."""
    project.configure(servers={"web": ["h1.test"], "job": ["h1.test"]})
    project.hook("post-deploy", "true")
    (project.folder / "config/my.cnf").write_text("[mysqld]\n")
    (project.folder / "Dockerfile").write_text("FROM debian\n")
    assert project.kamalpy("setup", version="v1").status == 0
    docker = project.folder / "bin/docker"  # what builds has its own tests
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{docker.parent}:{os.environ['PATH']}")
    return project


def examples_of_operations() -> Iterator[str]:
    """Join the examples of each module; those of ``app`` are a deploy, which the page shows."""
    for module in pkgutil.iter_modules(operations.__path__):
        found = importlib.import_module(f"kamalpy.operations.{module.name}")
        values = [value for value in vars(found).values() if hasattr(value, "_inner")]
        texts = [inspect.getdoc(value) or "" for value in values]
        if module.name != "app":
            yield "\n".join(dedent(text.partition(".. code:: python\n")[2]) for text in texts)


def run(project: Any, example: str, faults: str = "") -> Any:
    before = FIRST if "proxy.absent(" in example else ""
    (project.folder / "deploy.py").write_text(KNOWN + before + example)
    return project.pyinfra("deploy.py", "-y", faults=faults)


def test_every_example_runs(one_host: Any) -> None:
    recipe = pages.files("recipes/pyinfra.md")["deploy.py"]
    examples = [*EXAMPLES, recipe, *examples_of_operations()]
    failed = [
        example + done.text for example in examples if (done := run(one_host, example)).status
    ]
    assert not failed, "\n".join(failed)


def test_the_way_back_where_an_own_check_fails(one_host: Any) -> None:
    (example,) = (each for each in EXAMPLES if "app.revert(" in each)

    done = run(one_host, example[: example.index("app.restore(")], faults="h1.test:curl")

    assert done.status == 0, done.text
    assert "revert" in [name for _, name in done.commands()]
    assert not {"commit", "retire"} & {name for _, name in done.commands()}
    assert one_host.running()["h1.test"] == ["blog-job-v1", "blog-web-v1"]
