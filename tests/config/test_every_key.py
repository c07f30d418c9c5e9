"""No key is read and then forgotten: without it, the configuration is another, or a mistake."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.config import Configuration, load
from kamalpy.config.document import Mapping, Place
from kamalpy.errors import ConfigurationError

TEXT = (Path(__file__).parent / "full.yml").read_text()
NOTHING = Mapping(Place("", 0))
KEEPS = {
    "run_directory": "Kamal ignores it, and a warning says so",
    "proxy/path_prefix": "path_prefixes wins, and a warning says so",
    "require_destination": "false is the default",
    "x-kamalpy/build": "true is the default",
    "x-kamalpy/transfer": "registry is the default",
    "x-kamalpy/ruby": "false is the default",
    "x-kamalpy/commands": "false is the default",
    "x-kamalpy/jinja": "false is the default",
    "proxy/run/publish": "true is the default",
    "servers/jobs/proxy": "false is the default of every role but the primary one",
    "x-anything": "an extension of somebody else",
    "x-anything/is": "an extension of somebody else",
}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items: Any = value.items() if isinstance(value, dict) else ()
    for key, below in enumerate(value) if isinstance(value, list) else items:
        yield (*path, key)
        yield from paths(below, (*path, key))


def without(value: Any, path: tuple[str | int, ...]) -> Any:
    value = copy.deepcopy(value)
    parent = value
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]
    return value


def read(folder: Path, value: Any) -> Configuration | str:
    (folder / "deploy.yml").write_text(json.dumps(value))
    try:
        config = load("deploy.yml", root=folder, version="v1", environ={})
    except ConfigurationError as error:
        return str(error)
    return replace(config, document=NOTHING, warnings=())


VALUE = yaml.safe_load(TEXT.replace(":verbose", "verbose"))
PATHS = {"/".join(map(str, path)): path for path in paths(VALUE)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def config(whole: Path) -> Configuration:
    config = read(whole, VALUE)
    assert isinstance(config, Configuration)
    return config


@pytest.mark.parametrize("name", PATHS)
def test_every_key_and_item_counts(name: str, config: Configuration, whole: Path) -> None:
    same = read(whole, without(VALUE, PATHS[name])) == config
    assert same == (name in KEEPS)
