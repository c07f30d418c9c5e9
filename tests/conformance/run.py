"""
Play real deploy.yml files and compare with what Kamal said of them.

    python tests/conformance/run.py [FOLDER...]

A folder holds cases: ``NAME/config``, ``NAME/.kamal``, ``NAME/hooks.txt``, and for each run of
Kamal ``NAME/oracle/LABEL.out|.err|.rc`` and ``NAME/oracle/LABEL.used/cmd|env|secrets*``.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from kamalpy.config import load
from kamalpy.config.dump import dump
from kamalpy.errors import KamalpyError

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
RUBY = "3.4.4"
NODE = "22.0.0"
GIT = ("git", "-c", "user.name=corpus", "-c", "user.email=corpus@example.com")
NEWER = re.compile(
    r"unknown keys?: (forward_agent|stop_timeout|output)\b"
    r"|minimum required is 2\.(1[0-2]|[0-9])\."
)
"""What the Kamal that was asked did not know yet, and the one that is followed does."""
NOT_RENDERED = (
    ("without Ruby", re.compile(r"is not rendered without Ruby|or let an installed Ruby")),
    ("a command", re.compile(r"--allow-commands")),
)
"""What our own message says when a template needs more than the project renders by itself."""


@dataclass(frozen=True)
class Case:
    """One run of Kamal: what it was asked, and what it answered."""

    folder: Path
    label: str

    @property
    def name(self) -> str:
        return f"{self.folder.name}/{self.label}"

    def answer(self, kind: str) -> str:
        path = self.folder / "oracle" / f"{self.label}.{kind}"
        return path.read_text() if path.is_file() else ""

    @property
    def used(self) -> Path:
        return self.folder / "oracle" / f"{self.label}.used"

    @property
    def skipped(self) -> bool:
        return not self.answer("rc").strip().isdigit()

    @property
    def accepted(self) -> bool:
        return self.answer("rc").strip() == "0"

    @property
    def error(self) -> str:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", self.answer("err") + self.answer("out"))
        return next((line.strip() for line in plain.splitlines() if "ERROR" in line), plain.strip())

    def arguments(self) -> argparse.Namespace:
        """Tell what Kamal was asked; a run that was skipped is known by its label only."""
        parser = argparse.ArgumentParser()
        parser.add_argument("-c", dest="file", default="config/deploy.yml")
        parser.add_argument("-d", dest="destination")
        parser.add_argument("--version")
        command = self.used / "cmd"
        if command.is_file():
            return parser.parse_known_args(shlex.split(command.read_text())[2:])[0]
        base, _, destination = self.label.partition("@")
        if (self.folder / "config" / f"{base}.yml").is_file():
            words = ["-c", f"config/{base}.yml", *(["-d", destination] if destination else [])]
        else:
            words = [] if base == "default" else ["-d", base]
        return parser.parse_args([*words, "--version", "v1"])

    def environ(self) -> dict[str, str]:
        """Give the variables that were set, or for a run that was skipped those that are read."""
        path = self.used / "env"
        if path.is_file():
            lines = path.read_text().splitlines()
            return dict(line.split("=", 1) for line in lines if "=" in line)
        texts = (file.read_text() for file in (self.folder / "config").glob("*.yml"))
        names = (name for text in texts for name in re.findall(r"ENV\W+(?:fetch\W+)?(\w+)", text))
        return {name: f"stub-{name}" for name in names}


@dataclass(frozen=True)
class Result:
    """How our answer compares."""

    case: Case
    verdict: str
    detail: str = ""

    @property
    def good(self) -> bool:
        return self.verdict in GOOD


GOOD = {
    "same": "the same configuration is printed",
    "refused": "both refuse, for the same reason",
    "half": "both refuse; Kamal reports what is missing, kamalpy which file or destination has it",
    "newer": "refused by a Kamal that is older than the key, accepted here",
    "skipped": "Kamal was not asked",
}
OPEN = {
    "without Ruby": "not rendered without Ruby: no pass, and the error says what and where",
    "a command": "not rendered without permission to run a command: no pass either",
}
BAD = {
    "printed": "both accept, but what is printed differs",
    "reason": "both refuse, for different reasons",
    "too strict": "Kamal accepts, we refuse",
    "too lax": "Kamal refuses, we accept",
    "crash": "an error that is none of ours",
}


def folders() -> list[Path]:
    """Name the folders to play: the corpus, and those in ``KAMALPY_CORPUS`` (a list like PATH)."""
    more = os.environ.get("KAMALPY_CORPUS", "").split(os.pathsep)
    return [CORPUS, *(Path(folder) for folder in more if folder)]


def cases(corpus: Path) -> list[Case]:
    """List the runs of a folder of cases."""
    found = sorted(corpus.glob("*/oracle/*.rc")) + sorted(corpus.glob("*/oracle/*.used"))
    runs = {(path.parent.parent, path.name.rpartition(".")[0]): None for path in found}
    return [Case(folder, label) for folder, label in sorted(runs)]


def lay_out(case: Case, work: Path) -> None:
    """Lay out the project as Kamal found it, but for its repository."""
    for part in ("config", ".kamal"):
        if (case.folder / part).is_dir():
            shutil.copytree(case.folder / part, work / part, dirs_exist_ok=True)
    (work / ".kamal" / "hooks").mkdir(parents=True, exist_ok=True)
    hooks = case.folder / "hooks.txt"
    for hook in hooks.read_text().split() if hooks.is_file() else ():
        (work / ".kamal" / "hooks" / Path(hook).name).touch()
    for secrets in case.used.glob("secrets*"):
        shutil.copy(secrets, work / ".kamal" / secrets.name)
    (work / ".ruby-version").write_text(f"{RUBY}\n")
    (work / ".node-version").write_text(f"{NODE}\n")


def prepare(case: Case, work: Path) -> str:
    """Lay out the project as Kamal found it, and give the name of its only commit."""
    lay_out(case, work)
    # The same commit in every run: some names would be printed in quotes, as 08a7d61 is.
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "corpus")):
        subprocess.run([*GIT, *words], cwd=work, check=True, env={**os.environ, **dates})
    head = subprocess.run([*GIT, "rev-parse", "HEAD"], cwd=work, check=True, capture_output=True)
    return head.stdout.decode().strip()


def play(case: Case) -> Result:
    """Load one case and compare."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        head = prepare(case, work)
        asked = case.arguments()
        environ = {"PATH": os.environ["PATH"], "HOME": folder, **case.environ()}
        try:
            ours = dump(
                load(
                    asked.file,
                    destination=asked.destination,
                    version=asked.version,
                    root=work,
                    environ=environ,
                )
            )
        except KamalpyError as error:
            return refused(case, str(error))
        except Exception as error:
            return Result(case, "crash", f"{type(error).__name__}: {error}")
    return accepted(case, ours, head)


def accepted(case: Case, ours: str, head: str) -> Result:
    """Compare what we print with what Kamal printed."""
    if case.skipped:
        return Result(case, "skipped", "accepted here")
    if not case.accepted:
        return Result(case, "newer" if NEWER.search(case.error) else "too lax", case.error)
    for our, their in zip_longest(ours.rstrip().splitlines(), case.answer("out").splitlines()):
        if our is None or their is None or not alike(our, their, head):
            return Result(case, "printed", f"{our!r} instead of {their!r}")
    return Result(case, "same")


def alike(our: str, their: str, head: str) -> bool:
    """Compare two lines; the commit that was current differs, and so may blanks at the end."""
    pattern = re.escape(our.rstrip()).replace(head, "[0-9a-f]{40}").replace(head[:7], "[0-9a-f]{7}")
    return re.fullmatch(pattern, their.rstrip()) is not None


def refused(case: Case, ours: str) -> Result:
    """Compare our reasons with Kamal's one reason."""
    if case.skipped:
        return Result(case, not_rendered(ours) or "skipped", ours)
    if case.accepted:
        return Result(case, not_rendered(ours) or "too strict", ours)
    if HALF.search(ours):
        return Result(case, "half", ours)
    same = all(any(word in line for line in ours.splitlines()) for word in reasons(case.error))
    return Result(case, "refused" if same else "reason", f"{case.error}\n{ours}")


HALF = re.compile(r"without a destination|no destination is given|holds only what destination")


def not_rendered(ours: str) -> str:
    """Give the verdict for a template that was not rendered, or nothing."""
    return next((verdict for verdict, pattern in NOT_RENDERED if pattern.search(ours)), "")


REASONS = (
    (r"unknown keys?: (?P<keys>.+)", "{keys}: unknown key"),
    (r"Must set a host", "needs a host to get a certificate for"),
    (r"Specify one of 'host' or 'hosts'", "cannot be combined with host"),
    (r": (?P<path>accessories/\S+): specify one of", "{path}: "),
    (r": (?P<path>accessories/\S+): unknown roles? (?P<role>\w+)", "names a role {role}"),
    (r"No servers specified for the (?P<role>\S+)", "servers/{role}: has no hosts"),
    (r"The primary_role (?P<role>\S+) isn't defined", "role {role}"),
    (r"No servers or accessories specified", "servers: is required"),
    (r"You must specify a destination", "no destination is given"),
    (r"Builder arch not set", ": builder"),
    (r"registry/username: is required", "registry"),
    (r"Missing required configuration for (?P<key>\w+)", "{key}: is required"),
    (r": (?P<path>\S+/\S+|\w+): (?:is required|should be)", "{path}: "),
    (r"Current version is .* minimum required is", "minimum_version: needs"),
    (r"SSL is only supported on a single server", "a certificate of Let's Encrypt serves one"),
    (r"Different roles can't share", "ssl needs a name for each role"),
    (r"Service name can only include", "service: should have"),
    (r"Configuration file not found in \S*?(?P<file>[^/]+)$", "{file}: no such file"),
    (r"SyntaxError.* at line (?P<line>\d+)", ":{line}: not valid YAML"),
    (r'key not found: "(?P<name>\w+)"', "{name}"),
    (r"uninitialized constant (?P<name>\w+)", "{name}"),
    (r"undefined (?:local variable or )?method '(?P<name>\w+)'", "{name}"),
    (r"No such file or directory @ \w+ - (?P<file>\S+)", "{file}"),
)


def reasons(error: str) -> list[str]:
    """Give the words of ours that stand for Kamal's error, one entry for each of several keys."""
    for pattern, words in REASONS:
        match = re.search(pattern, error)
        if match and "keys" in match.groupdict():
            return [words.format(keys=key) for key in match["keys"].split(", ")]
        if match:
            return [words.format(**match.groupdict())]
    return []


def report(results: list[Result]) -> Iterator[str]:
    """Write the table of results, and every difference below it."""
    counts = Counter(result.verdict for result in results)
    for verdict, meaning in {**GOOD, **OPEN, **BAD}.items():
        yield f"{counts[verdict]:5}  {verdict:<13}{meaning}"
    yield f"{len(results):5}  runs"
    for result in results:
        if not result.good:
            detail = result.detail.replace("\n", "\n       ")
            yield f"\n{result.case.name}: {result.verdict}\n       {detail}"


def main() -> int:
    """Play some folders; exit 1 if anything differs from Kamal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("folders", nargs="*", type=Path, default=folders())
    corpora = parser.parse_args().folders
    results = [play(case) for corpus in corpora for case in cases(corpus)]
    sys.stdout.write("\n".join(report(results)) + "\n")
    return 1 if any(result.verdict in BAD for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
