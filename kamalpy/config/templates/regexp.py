"""Regular expressions of the simple kind, read into a program for ``matcher``."""

from __future__ import annotations

from .characters import CLASSES, ESCAPES, POSIX, Test
from .steps import Done, Here, One, Program, Save, Step, bounded, forked, looped, maybe, moved
from .trouble import Beyond, Exceeded

_POSITIONS = {"A": "start", "z": "end", "Z": "last line", "b": "edge", "B": "no edge"}
_MAX_LENGTH = 2_000
_MAX_REPEAT = 500
_MAX_NESTING = 20


def compile_regexp(source: str, flags: str = "") -> Program:
    """Read a regular expression with Ruby's flags i, m and x."""
    if len(source) > _MAX_LENGTH:
        raise Exceeded("a regular expression is too large")
    if set(flags) - set("imxo"):
        raise Beyond(f"the flags {flags} of a regular expression")
    return _Reader(source, flags).read()


class _Reader:
    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._flags = flags
        self._at = 0
        self._groups = 0
        self._nesting = 0
        self._names: dict[str, int] = {}

    def read(self) -> Program:
        steps = self._either()
        if self._at < len(self._source):
            raise self._beyond(")")
        program = (Save(0), *moved(steps, 1), Save(1), Done())
        return Program(program, self._groups + 1, self._names)

    def _beyond(self, what: str) -> Beyond:
        return Beyond(f"{what} in a regular expression")

    def _peek(self, width: int = 1) -> str:
        return self._source[self._at : self._at + width]

    def _accept(self, text: str) -> bool:
        found = self._source.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _either(self) -> list[Step]:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise Exceeded("a regular expression is nested too deeply")
        steps = self._sequence()
        branches = [steps]
        while self._accept("|"):
            branches.append(self._sequence())
        self._nesting -= 1
        while len(branches) > 1:
            last, before = branches.pop(), branches.pop()
            branches.append(bounded(forked(before, last)))
        return branches[0]

    def _sequence(self) -> list[Step]:
        steps: list[Step] = []
        while self._peek() and self._peek() not in "|)":
            steps += moved(self._repeated(self._atom()), len(steps))
            bounded(steps)
        return steps

    def _atom(self) -> list[Step]:
        character = self._peek()
        self._at += 1
        if "x" in self._flags and character.isspace():
            return []
        if "x" in self._flags and character == "#":
            end = self._source.find("\n", self._at)
            self._at = end if end >= 0 else len(self._source)
            return []
        if character in "^$":
            return [Here("line start" if character == "^" else "line end")]
        if character == "(":
            return self._group()
        if character in "*+?" or (character == "{" and self._counts()):
            raise self._beyond(f"`{character}` with nothing before it")
        return [self._single(character)]

    def _counts(self) -> bool:
        end = self._source.find("}", self._at)
        return end > 0 and self._source[self._at : end].replace(",", "").isdecimal()

    def _single(self, character: str) -> Step:
        if character == ".":
            return One(lambda c: True) if "m" in self._flags else One(lambda c: c != "\n")
        if character == "[":
            return One(self._set())
        if character == "\\":
            return self._escape()
        return One(self._exactly(character))

    def _exactly(self, character: str) -> Test:
        if "i" in self._flags:
            folded = character.casefold()
            return lambda c: c.casefold() == folded
        return lambda c: c == character

    def _escape(self) -> Step:
        letter = self._peek()
        if letter in _POSITIONS and letter:
            self._at += 1
            return Here(_POSITIONS[letter])
        return One(self._escaped())

    def _escaped(self) -> Test:
        """Read what stands behind a backslash and matches one character."""
        letter = self._peek()
        self._at += 1
        if letter.lower() in CLASSES and letter:
            test = CLASSES[letter.lower()]
            return test if letter.islower() else lambda c: not test(c)
        if letter in ESCAPES and letter:
            return self._exactly(ESCAPES[letter])
        if not letter or letter.isalnum():
            raise self._beyond(f"\\{letter}")
        return self._exactly(letter)

    def _group(self) -> list[Step]:
        named = ""
        if self._accept("?<") and self._peek() not in ("=", "!"):
            end = self._source.find(">", self._at)
            named = self._source[self._at : end] if end > 0 else ""
            if not named.isidentifier():
                raise self._beyond("this group's name")
            self._at = end + 1
        elif self._peek() == "?" or self._source.startswith("?<", self._at - 2):
            if not self._accept("?:"):
                raise self._beyond("a group that begins with ?")
            return self._closed(self._either())
        self._groups += 1
        number = self._groups
        if named:
            self._names[named] = number
        steps = self._closed(self._either())
        return [Save(2 * number), *moved(steps, 1), Save(2 * number + 1)]

    def _closed(self, steps: list[Step]) -> list[Step]:
        if not self._accept(")"):
            raise self._beyond("a group without an end")
        return steps

    def _set(self) -> Test:
        """Read ``[...]``."""
        negated = self._accept("^")
        tests: list[Test] = []
        first = True
        while first or self._peek() != "]":
            if not self._peek() or self._accept("&&"):
                raise self._beyond("a set that is not simple")
            tests.append(self._member())
            first = False
        self._at += 1
        return lambda c: any(test(c) for test in tests) is not negated

    def _member(self) -> Test:
        if self._accept("[:"):
            return self._posix()
        start = self._peek()
        self._at += 1
        if start == "[":
            raise self._beyond("a set in a set")
        if start == "\\":
            letter = self._peek()
            test = self._escaped() if letter != "b" else self._beyond_test()
            if letter.lower() in CLASSES or self._peek() != "-":
                return test
            start = ESCAPES.get(letter, letter)
        if self._peek() == "-" and self._peek(2) not in ("-]", "-"):
            self._at += 1
            return self._span(start)
        return self._exactly(start)

    def _beyond_test(self) -> Test:
        raise self._beyond("\\b in a set")

    def _span(self, start: str) -> Test:
        end = self._peek()
        self._at += 1
        if end == "\\":
            end = ESCAPES.get(self._peek(), self._peek())
            self._at += 1
        if not end or end < start or end == "[":
            raise self._beyond("this set")
        if "i" in self._flags:
            return lambda c: start <= c.lower() <= end or start <= c.upper() <= end
        return lambda c: start <= c <= end

    def _posix(self) -> Test:
        end = self._source.find(":]", self._at)
        name = self._source[self._at : end] if end > 0 else ""
        if name not in POSIX:
            raise self._beyond("this set")
        self._at = end + 2
        return POSIX[name]

    def _repeated(self, steps: list[Step]) -> list[Step]:
        bounds = self._bounds()
        if bounds is None:
            return steps
        low, high = bounds
        lazy = self._accept("?")
        if self._bounds() is not None:
            raise self._beyond("a repetition of a repetition")
        found: list[Step] = []
        for _ in range(low):
            found += moved(steps, len(found))
            bounded(found)
        if high is None:
            return found + moved(looped(steps, lazy=lazy), len(found))
        optional: list[Step] = []
        for _ in range(high - low):
            optional = maybe(steps + moved(optional, len(steps)), lazy=lazy)
            bounded(optional)
        return found + moved(optional, len(found))

    def _bounds(self) -> tuple[int, int | None] | None:
        """Read ``*``, ``+``, ``?`` or ``{2,3}``."""
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._accept(sign):
                return bounds
        if self._peek() != "{":
            return None
        end = self._source.find("}", self._at)
        low, comma, high = self._source[self._at + 1 : end].partition(",") if end > 0 else ("",) * 3
        if not (low + high).isdecimal() or not (low + high).isascii() or len(low + high) > 6:
            return None
        self._at = end + 1
        least, most = int(low or 0), int(high) if high else None
        most = most if comma else least
        if least > _MAX_REPEAT or (most or 0) > _MAX_REPEAT or (most is not None and most < least):
            raise self._beyond("a repetition of this kind")
        return least, most
