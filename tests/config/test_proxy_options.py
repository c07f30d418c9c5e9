"""An option of the proxy is one row of a table; everything that is known of it comes from there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import kamalpy
from kamalpy.config.proxy_options import EXTENSION, OPTIONS

ROW = """
    ProxyOption(name="retries", kind=WHOLE, flag="health-check-retries",
        key="healthcheck/retries", example=3, assumed=0,
        state="target_options/health_check_config/retries",
        description="Checks that may fail."),
"""
PROGRAM = """
from kamalpy.commands.route import health_options, options
from kamalpy.config.proxy import ProxySection
from kamalpy.reference import keys
from kamalpy.spec.record import Record
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

section = ProxySection.model_validate({"healthcheck": {"retries": 7}})
to = Route.from_section(section, "blog-web")
kept = {"name": "blog-web", "target_options": {"health_check_config": {"retries": 2}}}
print([key.description for key in keys() if key.name == "proxy/healthcheck/retries"])
print([str(word) for word in options(to) if "retries" in str(word)], health_options(to))
print([str(change) for change in to.drift(kept, "")][1:], Route.from_state(kept).retries)
record = Record(container=ContainerSpec(name="a", image="b"), route=to)
print(Record.from_text(record.text()).route.retries)
try:
    ProxySection.model_validate({"healthcheck": {"retries": "x"}})
except ValueError as error:
    print(error.errors()[0]["msg"])
"""


def test_a_new_one_is_one_row(tmp_path: Path) -> None:
    """In a copy of kamalpy a made-up option is added to the one file that CONTRIBUTING.md names."""
    source = Path(kamalpy.__file__).parent
    shutil.copytree(source, tmp_path / "kamalpy")  # with its bytecode, which is not made again
    table = tmp_path / "kamalpy/config/proxy_options.py"
    table.write_text(table.read_text().replace("OPTIONS = (\n", f"OPTIONS = ({ROW}", 1))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    schema = run("-m", "kamalpy.config.schema").stdout  # what is generated
    (tmp_path / "kamalpy/reference/schema.json").write_text(schema)
    ran = run("-c", PROGRAM)

    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "['Checks that may fail.']",
        "['--health-check-retries=7'] --health-check-retries=7",
        "['retries: 2 -> 7'] 2",
        "7",
        "should be an integer, not a string",
    ]
    contributing = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
    assert "| an option of the proxy | a row in `config/proxy_options.py`" in contributing


def test_rows_are_complete() -> None:
    names = [option.name for option in OPTIONS]

    assert len(set(names)) == len(names)
    for option in OPTIONS:
        assert option.flag or option.name == "port"
        assert option.example is not None or not option.description
        assert option.state or option.name in ("port", "deploy_timeout", "drain_timeout")
        assert option.key.startswith(EXTENSION) or ":" not in option.key
