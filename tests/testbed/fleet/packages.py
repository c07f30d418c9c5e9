"""Where Debian's packages come from: the mirror and proxy that this machine's apt uses."""

from __future__ import annotations

import re

from fleet.shell import must

#: PostgreSQL 15 and Docker 20.10 are in this one, whatever the machine itself runs.
SUITE = "bookworm"
_MIRROR = "http://deb.debian.org/debian/"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_PASSED_ON = re.compile(r"Acquire::(https?|ftp|Retries|Check-Valid-Until|Check-Date|ForceIPv)")
_LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*")


def sources(suite: str = SUITE) -> list[str]:
    """Return the lines of sources.list: this machine's own for the suite, else Debian's mirror."""
    wanted = "$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)"
    targets = must("apt-get", "indextargets", "--format", wanted, "Created-By: Packages")
    rows = {tuple(line.split()) for line in targets.splitlines()}
    own = sorted((row[3], row[1]) for row in rows if _fits(row, suite))
    if not any(codename == suite for _, codename in own):
        own = [(_MIRROR, suite)]
    return [f"deb [signed-by={_KEYRING}] {uri} {codename} main" for uri, codename in own]


def _fits(row: tuple[str, ...], suite: str) -> bool:
    if len(row) != 4:
        return False
    origin, codename, component, _ = row
    return origin == "Debian" and component == "main" and codename.partition("-")[0] == suite


def manners() -> list[str]:
    """Return mmdebstrap's options: this machine's proxies, no manuals, no fsync."""
    lines = must("apt-config", "dump").splitlines()
    apt = [line.rstrip(";") for line in lines if _PASSED_ON.match(line)]
    dpkg = ["force-unsafe-io", *(f"path-exclude={path}" for path in _LEFT_OUT)]
    return [*(f"--aptopt={option}" for option in apt), *(f"--dpkgopt={option}" for option in dpkg)]
