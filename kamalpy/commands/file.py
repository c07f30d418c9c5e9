"""Write files and directories of a host atomically; contents are sent on standard input."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import Payload, quoted, script, word
from kamalpy.spec.file import FileSpec


def put(files: Sequence[FileSpec]) -> StringCommand:
    """Make directories and write files, in the order given."""
    contents = [_encoded(file) for file in files if file.content is not None]
    words = (word(name, value) for each in files for name, value in _words(each))
    return script("put", *words, stdin=Payload("".join(contents)) if contents else None)


def remove(*paths: str) -> StringCommand:
    """Remove files, and directories with all that is in them."""
    return StringCommand("rm", "-rf", "--", *(quoted(path) for path in paths))


def _words(file: FileSpec) -> Iterator[tuple[str, object]]:
    yield from (("mode", file.mode), ("owner", file.owner))
    if file.content is None:
        yield "directory", file.path
    else:
        yield from (("size", len(_encoded(file))), ("file", file.path))


def _encoded(file: FileSpec) -> str:
    return base64.b64encode(file.content or b"").decode()
