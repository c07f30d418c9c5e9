"""Templates of real projects: those that Kamal rendered are rendered, too."""

from pathlib import Path

import pytest

from kamalpy.config.templates import SharedContext, render_with_lines
from kamalpy.errors import ConfigurationError

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
RUNS = sorted(CORPUS.glob("case-*/oracle/*.used"))

pytestmark = pytest.mark.skipif(not RUNS, reason="no corpus of real projects: ../shared/corpus")


def files(used: Path) -> list[Path]:
    """The file of a run, and that of its destination."""
    words = (used / "cmd").read_text().split()
    base = used.parents[1] / words[words.index("-c") + 1]
    if "-d" not in words:
        return [base]
    return [base, base.with_suffix(f".{words[words.index('-d') + 1]}.yml")]


def environ(used: Path, home: Path) -> dict[str, str]:
    words = (used / "cmd").read_text().split()
    found = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    if "-d" in words:
        found["KAMAL_DESTINATION"] = words[words.index("-d") + 1]
    given = used / "env"
    lines = given.read_text().splitlines() if given.exists() else []
    return found | dict(line.split("=", 1) for line in lines if "=" in line)


def error_of(project, text, name, environ, shared) -> str:
    """Why a file could not be rendered, or nothing; without tags it comes back as it is."""
    try:
        result, _ = render_with_lines(
            text, file=name, root=project.root, environ=environ, shared=shared
        )
    except ConfigurationError as error:
        return str(error)
    return "" if "<%" in text or result == text else "changed"


@pytest.mark.parametrize("used", RUNS, ids=lambda used: f"{used.parents[1].name}-{used.stem}")
def test_corpus(project, used):
    project.git("init", "-q")
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    project.write(".ruby-version", "3.4.4\n")
    project.write(".node-version", "22.0.0\n")
    status = used.with_suffix(".rc")
    accepted = status.exists() and status.read_text().strip() == "0"
    shared = SharedContext()
    for file in filter(Path.exists, files(used)):
        text = file.read_text()
        told = error_of(project, text, file.name, environ(used, project.root), shared)
        assert not told or not accepted or "is not rendered without Ruby" in told
        if told:
            return
