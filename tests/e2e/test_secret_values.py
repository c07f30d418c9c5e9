"""Whatever a secret holds, a container sees it byte for byte: as a variable and as a file."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lab import configurations
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{2,12}", fullmatch=True).filter(
    lambda name: name not in ("PATH", "HOME", "HOSTNAME") and not name.startswith("KAMAL")
)
TRICKY = st.text(
    alphabet="aZ09'\"`$\\#{}()=:%&;|<>*?[]~!^@,.-_ \t\n\r\x01\x1b\x7fé€😀", max_size=40
)
TEXT = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40
)
BYTES = st.binary(max_size=60).map(
    lambda given: given.replace(b"\0", b"").decode("utf-8", "surrogateescape")
)
LONG = st.sampled_from(["x" * 70_000, "line\n" * 9_000])  # what no line of an env file can hold
PROPERTY = settings(
    max_examples=3,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Draw enough for a container to be worth its while."""
    return st.dictionaries(NAMES, values, min_size=30, max_size=60)


@pytest.fixture(scope="module")
def project(fleet: Servers, images: Images, new_project: Callable[[], Project]) -> Project:
    """One server, set up."""
    images.app("v1")
    return new_project()


def seen_as_variables(host: Host) -> dict[str, str]:
    """Read the environment that docker gives to a program in the container."""
    said = host.sh("docker exec test-web-v1 base64 -w0 /proc/1/environ")
    lines = base64.b64decode(said).decode("utf-8", "surrogateescape").split("\0")
    return dict(line.split("=", 1) for line in lines if line)


def seen_as_files(host: Host) -> dict[str, str]:
    """Read the files in the container."""
    script = "cd /run/secrets && for each in *; do echo $each $(base64 -w0 <$each); done"
    said = host.sh(f"docker exec test-job-v1 sh -c '{script}'")
    pairs = (line.partition(" ") for line in said.splitlines())
    return {
        name: base64.b64decode(text).decode("utf-8", "surrogateescape") for name, _, text in pairs
    }


@PROPERTY
@given(as_variables=several(TRICKY | TEXT), as_files=several(TRICKY | TEXT | BYTES | LONG))
def test_values(
    project: Project,
    fleet: Servers,
    registry: Registry,
    as_variables: dict[str, str],
    as_files: dict[str, str],
) -> None:
    as_variables["LONG_LINES"] = "line\n" * 14_000
    config = configurations.first(fleet[0].address, registry)
    del config["accessories"]
    config["servers"] = {
        "web": {
            "hosts": [fleet[0].address],
            "env": {"secret": [f"{n}:V_{n}" for n in as_variables]},
        },
        "job": {
            "hosts": [fleet[0].address],
            "cmd": "python -m app worker",
            "env": {"secret": [f"{name}:F_{name}" for name in as_files]},
        },
    }
    config |= {"env": {"clear": {"APP_TEST": "1"}}, "readiness_delay": 0}
    project.configure({**config, "x-kamalpy": {"secrets": {"job": "files"}}})
    wanted = {f"V_{name}": value for name, value in as_variables.items()}
    wanted |= {f"F_{name}": value for name, value in as_files.items()}
    wanted["KAMAL_REGISTRY_PASSWORD"] = registry.password
    keep(project, wanted)

    done = project.deploy("v1")

    assert done.status == 0, done.text
    found = seen_as_variables(fleet[0])
    assert {name: found.get(name) for name in as_variables} == as_variables
    assert seen_as_files(fleet[0]) == as_files


def keep(project: Project, values: dict[str, str]) -> None:
    """Put values into the encrypted file, which holds whatever an environment can."""
    script = (
        "import json, sys; from kamalpy.secrets import Secrets; from kamalpy.secrets.encrypted "
        "import yaml_text; "
        "Secrets().encrypted.edit(lambda text: yaml_text.write(json.load(sys.stdin)))"
    )
    project.write("values.json", json.dumps(values))
    done = project.run("sh", "-c", f"{sys.executable} -c '{script}' <values.json")
    assert done.status == 0, done.text
