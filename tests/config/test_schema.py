"""The JSON Schema agrees with the loader, as far as JSON Schema can."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kamalpy.config import load
from kamalpy.config.document.compose import Composer
from kamalpy.config.schema import json_schema, written
from kamalpy.errors import ConfigurationError
from kamalpy.reference import SCHEMA as SHIPPED

jsonschema: Any = pytest.importorskip("jsonschema")
HERE = Path(__file__).parent
SCHEMA = json_schema()
NO_YAML = re.compile("not valid YAML|an anchor that|is part of what|object of Ruby")
BROKEN = [
    path
    for path in sorted((HERE / "broken").glob("*.txt"))
    if not NO_YAML.search(path.read_text().partition("# --- answer")[2])
]
BEYOND = {
    "a_comment_that_hides_the_rest_of_a_tag",
    "a_destination_is_required",
    "a_destination_that_takes_away",
    "a_local_registry_behind_tcp",
    "a_primary_role_that_is_not_there",
    "a_role_that_contradicts_the_root",
    "a_role_without_hosts",
    "a_version_of_kamal_to_come",
    "no_hosts",
    "no_role_called_web",
    "one_variable_that_is_missing_everywhere",
    "ssl_on_two_hosts",
    "two_files_that_contradict_each_other",
    "two_proxies_on_one_host",
    "two_roles_with_one_name",
    "variables_that_are_not_set",
}
"""What one key says of another is beyond JSON Schema, and so is a file that is not the only one."""


def complaints(text: str) -> list[str]:
    node = Composer("deploy.yml").compose(text)
    assert node is not None
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(node.plain())
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def test_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_is_the_one_that_is_shipped() -> None:
    """After a change: ``python -m kamalpy.config.schema >kamalpy/reference/schema.json``."""
    assert written(SCHEMA) == SHIPPED.read_text()


def test_accepts_every_key() -> None:
    assert complaints((HERE / "full.yml").read_text()) == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_refuses_what_the_loader_refuses(path: Path) -> None:
    text = re.split(r"^# --- ", path.read_text(), flags=re.MULTILINE)[0]
    assert bool(complaints(text)) == (path.stem not in BEYOND)


def configurations() -> ModuleType:
    path = HERE.parent / "conformance" / "configurations.py"
    spec = importlib.util.spec_from_file_location("kamalpy_schema_configurations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@settings(suppress_health_check=list(HealthCheck))
@given(text=configurations().BASES)
def test_never_complains_of_what_the_loader_accepts(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "schema.yml").write_text(text)
    try:
        load("schema.yml", root=folder, environ={})
    except ConfigurationError:
        return
    assert complaints(text) == []


def test_every_key_is_explained() -> None:
    sections = [SCHEMA, *SCHEMA["$defs"].values()]
    for section in [part for whole in sections for part in whole.get("anyOf", [whole])]:
        for name, key in section.get("properties", {}).items():
            assert "examples" in key, f"{section.get('title')}/{name}"
            assert "description" in key or "$ref" in key or "allOf" in key, name
