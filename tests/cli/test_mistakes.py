"""What a user reads after each mistake of ``mistakes.yaml``: the whole message."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.cli.main import run

TABLE = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text())
END = re.compile(r"^(\w+ failed: exit status|Log: ).*\n", re.MULTILINE)
FINDING = re.compile(r"^(?:problem|warning) .*\n", re.MULTILINE)
PAGE = re.compile(r"^Try: kamalpy (docs.*)$", re.MULTILINE)


def write_project(folder: Path, mistake: dict[str, Any], deploy_yml: str) -> None:
    text = mistake.get("deploy.yml", deploy_yml) + mistake.get("add", "")
    files: dict[str, str] = {} if mistake.get("run") else {"Dockerfile": "FROM scratch\n"}
    files |= {".kamal/secrets": mistake.get("secrets", "TOKEN=x\n"), **mistake.get("files", {})}
    if text != "-":
        files["config/deploy.yml"] = text
    (folder / "config").mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content.encode())
        (folder / name).chmod(0o755 if "hooks" in name else 0o644)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in ("findings", "messages") for name in TABLE[kind]]
)
def test_a_mistake(
    kind: str,
    name: str,
    deploy_yml: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mistake = TABLE[kind][name]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")
    write_project(tmp_path, mistake, deploy_yml)
    is_finding = kind == "findings"

    status = run(shlex.split("doctor --offline" if is_finding else mistake.get("run", "config")))

    out, err = (text.replace(str(tmp_path), "FOLDER") for text in capsys.readouterr())
    text = "".join(FINDING.findall(out)) if is_finding else END.sub("", err)
    assert (status, text) == (mistake.get("status", 1), mistake["message"])
    for page in PAGE.findall(err):
        assert run(page.split()) == 0
