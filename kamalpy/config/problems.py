"""From pydantic's errors to what a user reads: file, line, path, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from kamalpy.config.document.nodes import Mapping, Node, Path, Place, child
from kamalpy.config.faults import Fault
from kamalpy.errors import Problem


def problems_of(error: ValidationError, document: Mapping, files: Sequence[str]) -> list[Problem]:
    """Place every fault in the file that had the last word, and sort them as they stand there."""
    faults = [Fault.read(details) for details in error.errors()]
    return in_file_order((problem_of(fault, document) for fault in faults), files)


def problem_of(fault: Fault, document: Mapping) -> Problem:
    """Place one fault."""
    path, place = locate(document, fault.path)
    name = "/".join(str(part) for part in path)
    return Problem(fault.what, fault.how, name, place.file, place.line)


def locate(document: Mapping, path: Path) -> tuple[Path, Place]:
    """
    Give the path as the user knows it, and the place of the last part that is written.

    Paths of pydantic also name shapes (``<flag>``) and the keys of a longer form than was written:
    these are passed over. Keys that are missing at the end are kept.
    """
    found: Path = ()
    place: Place = document.place
    node: Node = document
    for position, part in enumerate(path):
        step = child(node, part)
        if step is not None:
            place, node = step
            found = (*found, part)
        elif isinstance(node, Mapping) and _is_missing(node, path[position:]):
            return (*found, *path[position:]), place
    return found, place


def _is_missing(node: Mapping, rest: Path) -> bool:
    if any(isinstance(part, str) and part.startswith("<") for part in rest):
        return False
    return not any(child(node, part) for part in rest)


def in_file_order(problems: Iterable[Problem], files: Sequence[str]) -> list[Problem]:
    """Sort by file, then by line; each mistake once."""
    order = {file: index for index, file in enumerate(files)}
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (order.get(p.file, len(order)), p.line or 0))
