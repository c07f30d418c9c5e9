"""The JSON Schema accepts and refuses as the loader does, whatever the file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kamalpy.config import files, load
from kamalpy.config.reader import Reader
from kamalpy.config.schema import json_schema
from kamalpy.config.templates import Permissions
from kamalpy.errors import ConfigurationError

jsonschema: Any = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(json_schema())
BEYOND = re.compile(
    "|".join(
        (
            "no destination is given",
            "is not complete without a destination",
            "names a role .* that is not there",
            "has no role .*, which would be the primary one",
            "has no hosts",
            "needs Kamal",
            "should be a version",
            "holds .*, a hook of Kamal 1",
            "has .* hosts, and a certificate of Let's Encrypt serves one only",
            "names .* twice",
            "shares .* with .*, and ssl needs a name for each role",
            "differs from what .* wants",
            "does not go with proxy at the root",
            "should be reached by SSH, the registry is local",
            "should be one architecture for buildpacks",
            "should be a string; put the name in quotes",
            "an integer, not a float; .* write 5 for 5.0",
        )
    )
)
"""What one key says of another, or of other files, is more than JSON Schema can tell."""


def verdicts(
    root: Path, path: str, destination: str | None, environ: Mapping[str, str]
) -> tuple[list[str], list[str]] | None:
    """Say what the loader and what the schema complain of; None where there is nothing to read."""
    seen = {**environ, **({"KAMAL_DESTINATION": destination} if destination else {})}
    try:
        document = Reader(root, seen, Permissions()).read(files.read(root, path, destination))
    except ConfigurationError:
        return None
    complaints = [error.message for error in VALIDATOR.iter_errors(document.plain())]
    try:
        load(path, destination=destination, root=root, environ=environ, version="v1")
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems], complaints
    return [], complaints


def agree(problems: list[str], complaints: list[str]) -> bool:
    """Tell whether both complain, or the loader alone of what is beyond a schema."""
    if bool(problems) == bool(complaints):
        return True
    return not complaints and all(BEYOND.search(problem) for problem in problems)


def test_agrees_on_real_files(case: Any, run: ModuleType, tmp_path: Path) -> None:
    run.lay_out(case, tmp_path)
    asked = case.arguments()
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **case.environ()}
    found = verdicts(tmp_path, asked.file, asked.destination, environ)
    assert found is None or agree(*found), found


def test_agrees_on_generated_files(configurations: ModuleType, tmp_path: Path) -> None:
    seen = {"good": 0, "broken": 0}

    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(configurations.BASES)
    def check(text: str) -> None:
        (tmp_path / "deploy.yml").write_text(text)
        found = verdicts(tmp_path, "deploy.yml", None, {})
        assert found is None or agree(*found), found
        if found:
            seen["broken" if found[0] else "good"] += 1

    check()
    assert min(seen.values()) > 30
