"""What is uploaded at a release, built and tried: ``tox run -e release-check``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
NEEDED = ("Author", "License", "Requires-Python", "Summary", "Project-URL")


def main() -> int:
    """Build sdist and wheel, check both, install the wheel, and use it in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        run(sys.executable, "-m", "build", "--outdir", dist, ROOT)
        run(sys.executable, "-m", "twine", "check", "--strict", *sorted(dist.iterdir()))
        (wheel,) = dist.glob("*.whl")
        problems = list(metadata_problems(wheel))
        for problem in problems:
            print(f"{wheel.name}: {problem}", file=sys.stderr)
        use(wheel, Path(folder))
    return 1 if problems else 0


def metadata_problems(wheel: Path) -> Iterator[str]:
    """Find what a page of PyPI would lack."""
    with ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(opened.read(name).decode())
    yield from (f"no {field} in its metadata" for field in NEEDED if not metadata[field])
    if f"## [{metadata['Version']}]" not in (ROOT / "CHANGELOG.md").read_text():
        print(f"Before a release: CHANGELOG.md has no section for {metadata['Version']}")


def use(wheel: Path, folder: Path) -> None:
    """Install the wheel alone and begin a project with it."""
    venv.create(folder / "venv", with_pip=True)
    programs, project = folder / "venv/bin", folder / "shop"
    run(programs / "pip", "install", "--quiet", wheel)
    project.mkdir()
    run(programs / "kamalpy", "version")
    run(programs / "kamalpy", "init", "--postgres", cwd=project)
    run(programs / "kamalpy", "config", "--version", "v1", cwd=project)
    run(programs / "pyinfra", "--version")


def run(*words: str | Path, cwd: Path | None = None) -> None:
    """Run a program, which has to succeed."""
    print("+", *words, flush=True)
    subprocess.run(words, check=True, cwd=cwd)


if __name__ == "__main__":
    sys.exit(main())
