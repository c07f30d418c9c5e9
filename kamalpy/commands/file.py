"""Files and directories of a host, whole or not at all; contents travel on standard input."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import Payload, Word, quoted, script
from kamalpy.spec.file import FileSpec


def put(files: Sequence[FileSpec]) -> StringCommand:
    """Make directories and write files, in the order given."""
    contents = [_encoded(file) for file in files if file.content is not None]
    return script("put", *_words(files), stdin=Payload("".join(contents)) if contents else None)


def remove(*paths: str) -> StringCommand:
    """Remove files, and directories with all that is in them."""
    return StringCommand("rm", "-rf", "--", *(quoted(path) for path in paths))


def _words(files: Sequence[FileSpec]) -> Iterator[Word]:
    for file in files:
        yield "directory" if file.content is None else "file"
        yield from (quoted(each) for each in (_plain(file.path), file.mode, file.owner))
        yield quoted(None if file.content is None else len(_encoded(file)))


def _plain(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path


def _encoded(file: FileSpec) -> str:
    return base64.b64encode(file.content or b"").decode()
