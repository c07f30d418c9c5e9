"""Execute the examples of docs/operations.md, one after the other, on a simulated host."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

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


def run(project: Any, example: str, faults: str = "") -> Any:
    before = FIRST if "proxy.absent(" in example else ""
    (project.folder / "deploy.py").write_text(KNOWN + before + example)
    return project.pyinfra("deploy.py", "-y", faults=faults)


def test_every_example_runs(one_host: Any) -> None:
    failed = [
        example + done.text for example in EXAMPLES if (done := run(one_host, example)).status
    ]
    assert not failed, "\n".join(failed)


def test_the_way_back_where_an_own_check_fails(one_host: Any) -> None:
    (example,) = (each for each in EXAMPLES if "app.revert(" in each)

    done = run(one_host, example[: example.index("app.restore(")], faults="h1.test:curl")

    assert done.status == 0, done.text
    assert "revert" in [name for _, name in done.commands()]
    assert not {"commit", "retire"} & {name for _, name in done.commands()}
    assert one_host.running()["h1.test"] == ["blog-job-v1", "blog-web-v1"]
