"""
Draw the terminal of the README: ``tox run -e picture``.

A version is deployed, another one planned and deployed, by the real command line. The hosts are the
simulated ones of ``tests/deploys``: their answers are real ones in form, no server is involved.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

import yaml
from rich.console import Console
from rich.text import Text

TESTS = Path(__file__).parents[1]
WIDTH = 92
HOSTS = ["203.0.113.11", "203.0.113.12"]
CONFIG = {
    "service": "shop",
    "image": "acme/shop",
    "servers": HOSTS,
    "proxy": {"host": "shop.acme.io", "app_port": 3000},
    "registry": {"server": "localhost:5000"},
    "builder": {"arch": "amd64"},
    "x-kamalpy": {"build": False},
    "env": {"clear": {"WORKERS": "2"}, "secret": ["DATABASE_URL"]},
}
# rich names a font of another site; the reader's own one will do.
FORMAT_WITHOUT_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Write the picture to the path that is given."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _project(folder)
        _typed(folder, "setup", version="3f9c1e2")
        config = CONFIG | {"env": {"clear": {"WORKERS": "4"}, "secret": ["DATABASE_URL"]}}
        (folder / "config/deploy.yml").write_text(yaml.safe_dump(config, sort_keys=False))
        for words in ("plan", "deploy"):
            console.print(Text(f"$ kamalpy {words}", style="bold"))
            console.print(Text.from_ansi(_typed(folder, words, version="a81d07b")), "")
    svg = console.export_svg(title="kamalpy plan, kamalpy deploy (simulated servers)")
    Path(sys.argv[1]).write_text(FORMAT_WITHOUT_FONTS.sub("", svg))


def _project(folder: Path) -> None:
    (folder / "config").mkdir()
    (folder / ".kamal").mkdir()
    (folder / ".kamal/secrets").write_text("DATABASE_URL=postgresql://shop:hunter2@db/shop\n")
    (folder / "config/deploy.yml").write_text(yaml.safe_dump(CONFIG, sort_keys=False))
    (folder / "world.json").write_text(json.dumps({host: {} for host in HOSTS}))


def _typed(folder: Path, *words: str, version: str) -> str:
    """Type a command into a terminal, and return what stays on its screen."""
    ours, theirs = pty.openpty()
    environ = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
    environ |= {"PYTHONPATH": str(TESTS / "deploys/simulated"), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-m", "simulated.command", *words],
        cwd=folder,
        env=environ | {"VERSION": version, "COLUMNS": str(WIDTH), "FAULTS": ""},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    try:
        while read := os.read(ours, 65536):
            written += read
    except OSError:  # the other end is closed: the command has ended
        pass
    process.wait()
    lines = written.decode().replace("\x1b[K", "").replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2] for line in lines if not line.startswith("Log:"))


if __name__ == "__main__":
    main()
