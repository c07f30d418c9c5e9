"""What is to be done after ``init``, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kamalpy.cli.stubs.frameworks import FROM_FILE, HOST
from kamalpy.cli.stubs.texts import Found


def lines(found: Found, file: str, accessories: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """List the steps; ``new`` are the files that did not exist before."""
    yield "\nNext:"
    if file in new:
        yield from _edit(found, file)
    if found.framework.name != "Rails" and (found.health in (None, "/up")):
        yield from _health(found)
    yield "  - export KAMAL_REGISTRY_PASSWORD=..., a token of the registry that may read and write"
    for name in found.framework.secrets:
        if name in FROM_FILE:
            yield f"  - {name} is read by {FROM_FILE[name].strip('$()')}: have that file"
    yield "  - kamalpy doctor --offline checks what goes wrong on first deploys"
    yield "  - commit: the image is built from the last commit"
    yield "  - kamalpy setup --dry shows what would happen, kamalpy setup does it"
    if found.framework.migrate and "postgres" in accessories:
        command = found.framework.migrate
        yield f"  - kamalpy app exec --reuse '{command}' migrates the database"


def _edit(found: Found, file: str) -> Iterator[str]:
    places = "image, servers, host name and registry"
    yield f"  - in {file}, write your {places}"
    if HOST in "".join(found.framework.clear.values()):
        yield f"  - the host name stands in env, too: replace {HOST} everywhere"
    if found.port is None:
        guess = f"{found.framework.name} apps mostly do on {found.framework.port}"
        known = f"; {guess}" if found.framework.name else ""
        yield f"  - and app_port: no Dockerfile here says with EXPOSE where the app listens{known}"


def _health(found: Found) -> Iterator[str]:
    if found.health is None:
        yield "  - add a route GET /up that answers with 200, or write proxy/healthcheck/path"
