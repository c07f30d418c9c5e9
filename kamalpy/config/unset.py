"""Template tags that read a variable which is not set: the reason for a value that is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kamalpy.errors import Problem

TAG = re.compile(r"<%=.*?(?:%>|$)|\{\{.*?(?:\}\}|$)")
READS = re.compile(r"""\bENV\s*(?:\[|\.fetch\()\s*["'](\w+)["']|\benv(?:\.|\[["'])([A-Z]\w*)""")
HIDES = re.compile(r"<%[^%]*[^\w\"'{&]#[^{%][^%]*%>")
NOT_SET = re.compile(r"\bnot set\b")
COLUMN = re.compile(r" \(column \d+\)")


@dataclass(frozen=True, slots=True)
class Tags:
    """The lines of the files as they are written, and the variables that their tags see."""

    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)

    def unset(self, file: str, numbers: Iterable[int]) -> list[str]:
        """List the variables that tags on these lines read, and that are not set."""
        names = (
            one or two
            for number in numbers
            for tag in TAG.findall(self._line(file, number))
            for one, two in READS.findall(tag)
        )
        return [name for name in dict.fromkeys(names) if not self.environ.get(name)]

    def has_tag(self, file: str, line: int) -> bool:
        """Tell whether a template writes a part of a line."""
        return TAG.search(self._line(file, line)) is not None

    def explain(self, problem: Problem) -> Problem:
        """Name the ``#`` that a tag hides its rest with, or that does not hide a tag."""
        line = problem.line or 0
        for number in (line, line - 1) if "should be" in problem.what else ():
            if HIDES.search(self._line(problem.file, number)):
                how = "a # hides the rest of its tag: move the comment out of <%= %>"
                return replace(problem, how=how, line=number)
        if self._line(problem.file, line).lstrip().startswith("#"):
            how = f"{problem.how}; or remove the tag: tags in YAML comments are rendered as well"
            return replace(problem, how=how)
        return problem

    def _line(self, file: str, number: int) -> str:
        lines = self.lines.get(file, ())
        return lines[number - 1] if 0 < number <= len(lines) else ""


def unset_problem(problem: Problem, names: Sequence[str]) -> Problem:
    """Report the variables instead of the value that is empty without them."""
    what = " and ".join(f'ENV["{name}"]' for name in names)
    how = "; ".join(f"export {name}=..." for name in names)
    return replace(problem, what=f"{what} {'are' if names[1:] else 'is'} not set", how=how)


def without_repeats(problems: Iterable[Problem]) -> list[Problem]:
    """Report what is wrong in several lines for the same reason once, with the other lines."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        what = COLUMN.sub("", problem.what)
        about_variable = NOT_SET.search(what) is not None
        key = (problem.file, what if about_variable else str(problem), problem.how)
        groups.setdefault(key, []).append(problem)
    return [_with_lines(first, rest) for first, *rest in groups.values()]


def _with_lines(first: Problem, rest: Sequence[Problem]) -> Problem:
    others = dict.fromkeys(each.line for each in rest if each.line and each.line != first.line)
    if not others:
        return first
    lines = f"line{'s' if len(others) > 1 else ''} {', '.join(map(str, others))}"
    return replace(first, how=f"{first.how} (also for {lines})")
