"""From pydantic's errors to what a user reads: file, line, path, what, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from kamalpy.config.document.nodes import Mapping, Node, Path, Place, Scalar, child
from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.unset import Tags, unset_problem, without_repeats
from kamalpy.errors import Problem


@dataclass(frozen=True, slots=True)
class Locator:
    """Locates faults in the files, and explains empty values."""

    document: Mapping
    tags: Tags = Tags()  # noqa: RUF009

    def problem(self, fault: Fault) -> Problem:
        """Place one fault, and name the place of what it contradicts."""
        path, place, node = locate_node(self.document, fault.path)
        what = fault.what
        if fault.other is not None:
            other = locate(self.document, _resolved(fault.path, fault.other))[1]
            what = f"{what} ({other})" if other != place else what
        name = "/".join(str(part) for part in path)
        problem = Problem(what, fault.how, name, place.file, place.line, fault.fails)
        if not isinstance(node, Scalar):
            return problem
        unset = self.tags.unset(place.file, {place.line, node.place.line})
        if not unset:
            return problem
        reason = unset_problem(problem, unset)
        if is_blank(node.value):
            return reason
        is_mismatch = "should be" in problem.what
        return problem if is_mismatch else replace(problem, how=f"{reason.what}; {reason.how}")


def problems_of(error: ValidationError, locator: Locator, files: Sequence[str]) -> list[Problem]:
    """Place every fault in the file that had the last word, and sort them as they stand there."""
    faults = [Fault.read(details) for details in error.errors()]
    return in_file_order((locator.problem(fault) for fault in faults), files)


def locate(document: Mapping, path: Path) -> tuple[Path, Place]:
    """Return the path as the user knows it, and the place of its last written part."""
    found, place, _ = locate_node(document, path)
    return found, place


def locate_node(document: Mapping, path: Path) -> tuple[Path, Place, Node | None]:
    """
    Return the path as the user knows it, the place of its last written part, and its node.

    Paths of pydantic also name shapes (``<flag>``) and the keys of a longer form than was written:
    these are skipped. Missing keys at the end stay in the path; they have no node.
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
            return (*found, *path[position:]), place, None
    return found, place, node


def _is_missing(node: Mapping, rest: Path) -> bool:
    if any(isinstance(part, str) and part.startswith("<") for part in rest):
        return False
    return not any(child(node, part) for part in rest)


def _resolved(path: Path, other: Path) -> Path:
    """Resolve ``..`` at the beginning of a path; without it, the path begins at the root."""
    base = path
    while other and other[0] == "..":
        base, other = base[:-1], other[1:]
    return (*base, *other) if base != path else other


def in_file_order(problems: Iterable[Problem], files: Sequence[str]) -> list[Problem]:
    """Sort by file, then by line; each mistake once."""
    order = {file: index for index, file in enumerate(files)}
    unique = dict.fromkeys(problems)
    ordered = sorted(unique, key=lambda p: (order.get(p.file, len(order)), p.line or 0))
    return without_repeats(ordered)
