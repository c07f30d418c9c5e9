"""``-h``, ``-r`` and ``-p`` choose what the real Kamal chooses."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kamalpy.cli.engine import Engine
from kamalpy.cli.filters import matches_glob, split_list
from kamalpy.cli.output import Outputs
from kamalpy.cli.settings import Settings
from kamalpy.errors import DeployError

DRIVER = """
<%
  require "json"
  questions = JSON.parse(File.read("questions"))
  globs = questions["globs"].map { |glob, name| File.fnmatch(glob, name, File::FNM_EXTGLOB) }
  file = Pathname.new(File.expand_path("config/deploy.yml"))
  config = Kamal::Configuration.create_from(config_file: file, version: "v1")
  chosen = questions["choices"].map do |choice|
    commander = Kamal::Commander.new
    commander.instance_variable_set(:@config, config) # as it would load it, but once for all
    commander.specific_hosts = choice["hosts"]&.split(",")
    commander.specific_roles = choice["roles"]&.split(",")
    commander.specific_primary! if choice["primary"]
    { hosts: commander.hosts.map(&:to_s).sort, roles: commander.roles.map(&:name).sort,
      accessories: commander.accessory_hosts.uniq.sort }
  rescue ArgumentError => error
    { error: error.message }
  end
  File.write("answers", JSON.generate({ globs: globs, choices: chosen }))
%>
"""
CONFIG = """
service: app
image: acme/app
registry: {username: u, password: [P]}
builder: {arch: amd64}
primary_role: front
servers:
  back: [web-2.example, job-1.example]
  front: [web-1.example, web-2.example, web-3.test]
  job.slow: [job-1.example]
accessories:
  db: {image: postgres, host: db.example}
  cache: {image: redis, role: front}
"""
HOSTS = ["web-1.example", "web-2.example", "web-3.test", "job-1.example", "db.example"]
ROLES = ["front", "back", "job.slow"]
GLOBS = ["*", "?", "[", "]", "[!", "[^", "{", "}", ",", "\\", ".", "-", "a", "b", "web", "/", "é"]
NAMES = ["", "a", "b", "web", ".", "-", "/", "]", "[", "{", "}", "\\", ",", "é", "ab", "^", "!"]
PATTERNS = ["*", "web-*", "*.test", "job-?.example", "web-[12].*", "[!w]*", "b*", "*o*", "nope*"]


def questions() -> dict[str, Any]:
    """Make questions, always the same."""
    dice = random.Random(6)
    texts = [
        ["".join(dice.choices(of, k=dice.randint(0, 6))) for of in (GLOBS, NAMES)]
        for _ in range(4000)
    ]
    edited = [[_edited(dice, name), name] for name in (*HOSTS, *ROLES, ".hidden", "a/b") * 60]
    choices = [
        {
            "hosts": _list(dice, [*PATTERNS, *HOSTS]),
            "roles": _list(dice, [*PATTERNS, *ROLES]),
            "primary": dice.random() < 0.2,
        }
        for _ in range(600)
    ]
    return {"globs": [*texts, *edited], "choices": choices}


def _edited(dice: random.Random, name: str) -> str:
    """Put a wildcard in the place of a part of a name."""
    begin = dice.randrange(len(name) + 1)
    end = dice.randint(begin, len(name))
    part = name[begin:end]
    wild = ["*", "?", f"[{part}]", f"{{{part},x}}", f"{{x,{part}}}", f"\\{part}", "[a-z]", "[^a-z]"]
    return name[:begin] + dice.choice(wild) + name[end:]


def _list(dice: random.Random, patterns: list[str]) -> str | None:
    return ",".join(dice.choices(patterns, k=dice.randint(1, 3))) if dice.random() < 0.6 else None


@pytest.fixture(scope="module")
def answers(referee: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the real Kamal says."""
    folder = tmp_path_factory.mktemp("filters")
    (folder / "config").mkdir()
    (folder / "config/deploy.yml").write_text(CONFIG)
    (folder / "driver.yml").write_text(DRIVER)
    (folder / "questions").write_text(json.dumps(questions()))
    command = [str(referee.kamal()), "config", "-c", "driver.yml", "--version", "v1"]
    env = {**os.environ, "LANG": "C.UTF-8"}
    subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    return json.loads((folder / "answers").read_text())


def test_globs(answers: Any) -> None:
    globs = questions()["globs"]

    ours = [matches_glob(glob, name) for glob, name in globs]

    wrong = [g for g, o, k in zip(globs, ours, answers["globs"], strict=True) if o != k]
    assert wrong == []
    assert 200 < sum(ours) < len(ours) - 200


def chosen(choice: dict[str, Any]) -> dict[str, Any]:
    """What is in play for us."""
    engine = Engine(Settings(**choice, version="v1"), Outputs())
    try:
        hosts, asked = set(engine.hosts), set(engine.roles)
    except DeployError:
        return {"error": None}
    config = engine.config
    roles = [r.name for r in config.roles if not asked or r.name in asked]
    accessories = {host for each in config.accessories for host in each.hosts}
    return {
        "hosts": sorted(hosts),
        "roles": sorted(r for r in roles if hosts & set(config.role(r).hosts)),  # type: ignore[union-attr]
        "accessories": sorted(accessories & hosts),
    }


def _first_of_several(choice: dict[str, Any]) -> bool:
    """Tell ``-p`` with a pattern of roles: of those we take the primary one, Kamal by the name."""
    return choice["primary"] and bool(set(choice["roles"] or "") & set("*?["))


def test_choices(answers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we refuse, Kamal refuses, or matches in part, or does to no host."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    asked = zip(questions()["choices"], answers["choices"], strict=True)
    pairs = [(choice, kamal) for choice, kamal in asked if not _first_of_several(choice)]

    same = [(choice, kamal) for choice, kamal in pairs if chosen(choice) != {"error": None}]
    assert [(c, chosen(c), kamal) for c, kamal in same if chosen(c) != kamal] == []
    assert len(same) > 150

    for choice, kamal in pairs:
        if chosen(choice) == {"error": None} and "error" not in kamal:
            unmatched = [
                pattern
                for key, names in (("hosts", HOSTS), ("roles", ROLES))
                for pattern in split_list(choice[key] or "")
                if not any(matches_glob(pattern, name) for name in names)
            ]
            assert unmatched or not kamal["hosts"]
