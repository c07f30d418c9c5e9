"""Runs a regular expression in time that grows with the text and never explodes."""

from __future__ import annotations

from dataclasses import dataclass

from .characters import is_word
from .limits import Meter
from .steps import Done, Fork, Here, One, Program, Save

Slots = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """One way through the program: where it stands, and the groups it has seen."""

    step: int
    slots: Slots


def search(program: Program, subject: str, start: int, meter: Meter) -> Slots | None:
    """The first match from ``start`` on: two places for each group, -1 where it took no part."""
    return _Search(program, subject, meter).run(start)


class _Search:
    """All threads step through the subject together, the preferred ones first."""

    def __init__(self, program: Program, subject: str, meter: Meter) -> None:
        self._program = program
        self._subject = subject
        self._meter = meter

    def run(self, start: int) -> Slots | None:
        threads: list[Thread] = []
        found: Slots | None = None
        fresh = Thread(0, (-1,) * (2 * self._program.groups))
        for at in range(start, len(self._subject) + 1):
            if found is None:
                threads.append(fresh)
            elif not threads:
                break
            threads = self._reached(threads, at)
            threads, ended = self._advanced(threads, at)
            found = ended or found
        return found

    def _advanced(self, threads: list[Thread], at: int) -> tuple[list[Thread], Slots | None]:
        """Threads behind the next character; those below a finished one are given up."""
        after: list[Thread] = []
        character = self._subject[at : at + 1]
        for thread in threads:
            step = self._program.steps[thread.step]
            if isinstance(step, Done):
                return after, thread.slots
            if character and isinstance(step, One) and step.test(character):
                after.append(Thread(thread.step + 1, thread.slots))
        return after, None

    def _reached(self, threads: list[Thread], at: int) -> list[Thread]:
        """Follow forks and edges until every thread waits for a character."""
        waiting: list[Thread] = []
        seen: set[int] = set()
        todo = threads[::-1]
        while todo:
            thread = todo.pop()
            if thread.step in seen:
                continue
            seen.add(thread.step)
            step = self._program.steps[thread.step]
            if isinstance(step, Fork):
                todo.append(Thread(step.second, thread.slots))
                todo.append(Thread(step.first, thread.slots))
            elif isinstance(step, Save):
                todo.append(Thread(thread.step + 1, _saved(thread.slots, step.slot, at)))
            elif isinstance(step, Here):
                if self._holds(step.where, at):
                    todo.append(Thread(thread.step + 1, thread.slots))
            else:
                waiting.append(thread)
        self._meter.spend(len(seen))
        return waiting

    def _holds(self, where: str, at: int) -> bool:
        text, end = self._subject, len(self._subject)
        if where == "start":
            return at == 0
        if where == "end":
            return at == end
        if where == "last line":
            return at == end or (at == end - 1 and text[at] == "\n")
        if where == "line start":
            return at == 0 or (text[at - 1] == "\n" and at < end)
        if where == "line end":
            return at == end or text[at] == "\n"
        before = at > 0 and _in_word(text[at - 1])
        after = at < end and _in_word(text[at])
        return (before is not after) is (where == "edge")


def _in_word(character: str) -> bool:
    return is_word(character) or character.isalnum()


def _saved(slots: Slots, slot: int, at: int) -> Slots:
    return (*slots[:slot], at, *slots[slot + 1 :])
