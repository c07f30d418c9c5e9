"""Kamal's files on a host that configure how the proxy runs."""

from __future__ import annotations

from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget, observe
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, noop, operation, show
from kamalpy.spec.boot_config import FOLDER
from kamalpy.spec.change import Change
from kamalpy.spec.file import FileSpec


@operation()
def boot_config(
    options: str | None = None,
    image: str | None = None,
    image_version: str | None = None,
    run_command: str | None = None,
) -> Commands:
    """
    Ensure the files of ``kamal proxy boot_config set``; an argument that is not given has no file.

    + options: flags of ``docker run``
    + image: the proxy's image without a tag
    + image_version: its tag
    + run_command: command that is run in it

    It applies where deploy.yml has no ``proxy/run``, from the next boot of the proxy.

    **Example:**

    .. code:: python

        proxy.boot_config(name="The proxy on port 8080", options="--publish 8080:80")
    """
    wanted = {
        "options": options,
        "image": image,
        "image_version": image_version,
        "run_command": run_command,
    }
    for name, value in wanted.items():
        valid.text(name, value or "")
    existing = observe(StateQuery()).proxy_options
    changed = {
        n: v for n, v in wanted.items() if (v if v is None else v.strip()) != existing.get(n)
    }
    if not changed:
        noop("the boot configuration is as it should be")
        return
    for name, value in changed.items():
        show(f"{FOLDER}/{name}", [Change("content", existing.get(name), value)])
    written = {name: value for name, value in changed.items() if value is not None}
    if written:
        files = [
            FileSpec(path=f"{FOLDER}/{name}", content=value.encode(), mode="0640")
            for name, value in written.items()
        ]
        yield file.put(files)
    gone = [f"{FOLDER}/{name}" for name in changed if name not in written]
    if gone:
        yield file.remove(*gone)
    forget()
