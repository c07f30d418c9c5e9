"""
Run shellcheck over the scripts that are sent to servers, as POSIX sh.

A script takes others in with ``. ./name.sh``, which are followed. What is taken in is checked by
itself as well, but for variables: whoever takes it in sets them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "kamalpy/commands/scripts"
TAKES_IN = re.compile(r"^\. \./(\w+\.sh)$", re.MULTILINE)


def main() -> int:
    """Check every script, and return the status of whatever went wrong."""
    texts = {path.name: path.read_text() for path in sorted(SCRIPTS.glob("*.sh"))}
    taken_in = {name for text in texts.values() for name in TAKES_IN.findall(text)}
    missing = sorted(taken_in - set(texts))
    if missing or not texts:
        print(f"no such script: {', '.join(missing) or SCRIPTS}", file=sys.stderr)
        return 1
    whole = shellcheck(name for name in texts if name not in taken_in)
    parts = shellcheck(sorted(taken_in), "--exclude=SC2034,SC2154")
    return whole or parts


def shellcheck(names: Iterable[str], *flags: str) -> int:
    """Check scripts by their names, following what they take in."""
    command = ["shellcheck", "--shell=sh", "--external-sources", "--source-path=SCRIPTDIR"]
    return subprocess.run([*command, *flags, *names], cwd=SCRIPTS, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
