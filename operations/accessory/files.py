"""Files of an accessory, from this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.config import templates
from kamalpy.config.accessory_paths import AccessoryFile
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.accessory.mounts import Paths, file_path, files_of
from kamalpy.operations.base import Commands, SecretValues, changed_files, operation, secrets_of
from kamalpy.operations.host_variables import completed_path
from kamalpy.spec.file import FileSpec


@operation()
def files(
    service: str,
    files: Paths,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    root: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Commands:
    """
    Ensure the files of an accessory are present.

    + service: name of the accessory's container
    + files: ``local:remote[:options]``, or mappings with ``mode`` and ``owner`` as well
    + env: clear variables of the accessory, for templates
    + secrets: secret variables of the accessory, for templates
    + root: folder that ``local`` is relative to; the working directory by default
    + environ: environment that templates see; by default that of this process

    A ``local`` that ends in ``.erb`` or ``.j2`` is rendered. On the host a file is in the folder
    ``<service>/`` of the SSH user's home, its mode 755 by default, as Kamal has it.

    **Example:**

    .. code:: python

        accessory.files(
            name="MySQL's settings",
            service="blog-mysql",
            files=["config/my.cnf:/etc/mysql/my.cnf"],
        )
    """
    valid.container("service", service)
    revealed = {name: secret.reveal() for name, secret in secrets_of(secrets).items()}
    values = {**(os.environ if environ is None else environ), **(env or {}), **revealed}
    wanted = [
        FileSpec(
            path=completed_path("files", file_path(service, each)),
            content=_content(Path(root or "."), each, values),
            mode=valid.mode("files", each.mode),
            owner=each.owner,
            secret=_is_template(each) and bool(revealed),
        )
        for each in files_of(files)
    ]
    state = observe(StateQuery(paths=tuple(each.path for each in wanted)))
    if changed := changed_files(wanted, state, f"files of {service} are there"):
        yield file.put(changed)


def _is_template(each: AccessoryFile) -> bool:
    return each.local.endswith(("erb", ".j2"))


def _content(root: Path, each: AccessoryFile, values: Mapping[str, str]) -> bytes:
    path = root / each.local
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArgumentError(f"files: cannot read {path} ({error.strerror}); is it there?") from None
    if not _is_template(each):
        return content
    text = templates.render_accessory(content.decode(), file=each.local, values=values, root=root)
    return text.encode()
