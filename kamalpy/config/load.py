"""deploy.yml from the disk to a ``Configuration``, or every mistake in it."""

from __future__ import annotations

import os
from collections.abc import Mapping as Values
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kamalpy.config import files
from kamalpy.config.configuration import Configuration
from kamalpy.config.deploy_file import DeployFile
from kamalpy.config.draft import Context, Draft, as_dict
from kamalpy.config.files import Source
from kamalpy.config.overlays import missing_layer
from kamalpy.config.problems import Locator, in_file_order, problems_of
from kamalpy.config.reader import Reader
from kamalpy.config.resolve import Resolver
from kamalpy.config.settings import Settings
from kamalpy.config.templates import Permissions, permissions_of
from kamalpy.config.warnings import warnings_of
from kamalpy.errors import ConfigurationError

RESOLVED = ("primary_role", "run_directory", "logging")


def load(
    path: str = "config/deploy.yml",
    *,
    destination: str | None = None,
    version: str | None = None,
    root: Path | str | None = None,
    environ: Values[str, str] | None = None,
    allow_ruby: bool = False,
    allow_commands: bool = False,
) -> Configuration:
    """
    Read deploy.yml, and the file of the destination over it.

    Raises ``ConfigurationError`` with all mistakes in file order. ``root`` is the project's folder,
    the current one when absent; ``environ`` is what templates see and where ``VERSION`` is looked
    for. ``allow_ruby`` and ``allow_commands`` permit what ``x-kamalpy`` permits, too.
    """
    reader, sources = _reader(path, destination, root, environ, allow_ruby, allow_commands)
    document = reader.read(sources)
    names = [source.name for source in sources]
    folder = reader.root
    context = Context(destination, files.destinations(folder, path), folder)
    missing_layer(document, sources[0].name, context)
    locator = Locator(document, reader.tags(sources))
    file = _validate(locator, context, names)
    return Configuration(
        file=sources[0].name,
        destination=destination,
        root=folder,
        asked_version=version,
        environ=reader.seen,
        document=document,
        warnings=tuple(in_file_order([*reader.notes, *warnings_of(locator, folder)], names)),
        **_resolved(Resolver(file, Draft(document.plain()), destination)),
    )


def aliases(path: str = "config/deploy.yml", **where: Any) -> Values[str, str]:
    """
    Read only the aliases, whatever else is wrong with the files.

    An alias may bring the destination without which the rest of deploy.yml makes no sense.
    """
    found = as_dict(unchecked(path, **where)[0].get("aliases"))
    return {str(name): str(words) for name, words in found.items() if words is not None}


def unchecked(
    path: str = "config/deploy.yml",
    *,
    destination: str | None = None,
    root: Path | str | None = None,
    allow_ruby: bool = False,
    allow_commands: bool = False,
) -> tuple[Values[Any, Any], Values[str, str]]:
    """Return the unvalidated content of files, and the environment after their templates."""
    reader, sources = _reader(path, destination, root, None, allow_ruby, allow_commands)
    return as_dict(reader.read(sources).plain()), reader.seen


def _reader(
    path: str,
    destination: str | None,
    root: Path | str | None,
    environ: Values[str, str] | None,
    allow_ruby: bool,
    allow_commands: bool,
) -> tuple[Reader, list[Source]]:
    folder = Path.cwd() if root is None else Path(root)
    sources = files.read(folder, path, destination)
    granted = [permissions_of(source.text) for source in sources]
    permissions = Permissions(
        ruby=allow_ruby or any(each.ruby for each in granted),
        commands=allow_commands or any(each.commands for each in granted),
    )
    seen = dict(os.environ if environ is None else environ)
    seen.pop("KAMAL_DESTINATION", None)
    if destination is not None:
        seen["KAMAL_DESTINATION"] = destination
    return Reader(folder, seen, permissions), sources


def _validate(locator: Locator, context: Context, names: list[str]) -> DeployFile:
    try:
        return DeployFile.model_validate(locator.document.plain(), context=context)
    except ValidationError as error:
        raise ConfigurationError(problems_of(error, locator, names)) from None


def _resolved(resolver: Resolver) -> dict[str, Any]:
    file = resolver.file
    plain = {name: getattr(file, name) for name in Settings.model_fields if name not in RESOLVED}
    proxied = "proxy" in as_dict(resolver.draft.raw)
    return {
        **plain,
        "image": resolver.image(),
        "registry": file.registry.resolve(),
        "roles": resolver.roles(),
        "accessories": tuple(resolver.accessories()),
        "env": file.env.resolve(),
        "logging": file.logging.limited(),
        "proxy": file.proxy if proxied else None,
    }
