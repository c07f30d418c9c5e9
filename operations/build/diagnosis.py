"""Why a build failed: the step, what it wrote last, and what to try."""

from __future__ import annotations

import re
from collections.abc import Sequence

LINES = 20
_STEP = re.compile(r"^ > (.*?):?$")
_RULE = "------"
_PLACE = re.compile(r"^\S+:\d+$")
_HINTS = (
    (r"no space left on device", "free disk space, for example with docker buildx prune"),
    (
        r"exec format error",
        "this machine cannot run programs of that architecture: set builder/remote in deploy.yml, "
        "or install QEMU with docker run --privileged --rm tonistiigi/binfmt --install all",
    ),
    (
        r"failed to (calculate checksum|compute cache key).*not found",
        "commit the file and check .dockerignore: the build sees committed files, "
        "or set builder/context in deploy.yml",
    ),
    (r"secret \S+: not found", "list the secret under builder/secrets in deploy.yml"),
    (r"exit code: 137", "the step ran out of memory or was killed"),
    (
        r"(multi-?platform build|cache export) is not supported for the docker driver",
        "remove builder/driver from deploy.yml, turn on the containerd image store of this "
        "machine's Docker, or use one architecture and no cache",
    ),
    (
        r"server gave HTTP response to HTTPS client",
        "the registry has no TLS: list it under insecure-registries of this machine's Docker",
    ),
    (r"permission denied while trying to connect", "add your user to the group docker"),
    (r"Cannot connect to the Docker daemon", "start Docker on this machine"),
    (r"429 Too Many Requests|toomanyrequests", "the registry limits requests: log in, or wait"),
    (
        r"(push|insufficient_scope|unauthorized|denied).*",
        "check registry/username and registry/password in deploy.yml, and who may push there",
    ),
    (r"dockerfile parse error|unknown instruction", "fix the Dockerfile"),
)


def explain(text: str) -> str:
    """Summarise the output of a build that failed."""
    lines = text.rstrip().splitlines()
    step, wrote = _failed_step(lines)
    errors = [line for line in lines if line.startswith("ERROR: ")] or lines[-1:]
    place = next((line for line in lines if _PLACE.match(line)), "")
    head = ": ".join(filter(None, ("the build failed", place, step)))
    shown = [head, *(f"    {line}" for line in wrote[-LINES:]), *errors[-1:]]
    hint = _hint("\n".join((*wrote, *errors)))
    return "\n".join([*shown, *([f"Try: {hint}"] if hint else [])])


def _failed_step(lines: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Find the step that buildx repeats at the end, between two rules, with its last lines."""
    rules = [number for number, line in enumerate(lines) if line == _RULE]
    for first, last in zip(rules, rules[1:], strict=False):
        found = _STEP.match(lines[first + 1]) if last > first + 1 else None
        if found:
            return found[1], lines[first + 2 : last]
    return "", ()


def _hint(text: str) -> str:
    return next((hint for pattern, hint in _HINTS if re.search(pattern, text, re.IGNORECASE)), "")
