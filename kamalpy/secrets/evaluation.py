"""Evaluates the lines of one secrets file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kamalpy.dotenv import Command, Line, Literal, Part, Variable, parts, unescape
from kamalpy.errors import Problem, SecretError

from . import inline
from .fetching import Fetcher
from .kamal_commands import answer
from .secret import Outcome, Value
from .shell import Shell
from .shell_text import rewrite
from .text import is_storable

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One file, evaluated from the top: a line sees those above it, and no other plain file."""

    file: str
    shell: Shell
    fetcher: Fetcher
    encrypted: Mapping[str, Outcome]
    runs_commands: bool = True
    found: dict[str, Outcome] = field(default_factory=dict)

    def run(self, lines: Iterable[Line]) -> dict[str, Outcome]:
        """Evaluate every line, even if others fail."""
        for line in lines:
            self.found[line.name] = self._outcome(line)
        return self.found

    def _outcome(self, line: Line) -> Outcome:
        try:
            return _checked(self._value(line))
        except SecretError as error:
            return Problem(str(error), path=line.name, file=self.file, line=line.number)

    def _value(self, line: Line) -> Value:
        if not line.is_set:
            raise SecretError(f"is exported without a value; write export {line.name}=value")
        if line.quote == "'":
            return Value(line.text, is_explicit=True)
        if not line.text:
            return Value("", is_explicit=bool(line.quote))
        legacy = self._is_legacy()
        return self._joined(unescape(line.text, quote=line.quote, legacy_newlines=legacy))

    def _joined(self, text: str) -> Value:
        values = [self._part(part) for part in parts(text)]
        return Value(
            "".join(value.text for value in values),
            is_explicit=all(value.is_explicit for value in values),
            is_fetched=len(values) == 1 and values[0].is_fetched,
        )

    def _part(self, part: Part) -> Value:
        if isinstance(part, Literal):
            return Value(part.text, is_explicit=True)
        if isinstance(part, Variable):
            return self._variable(part.name, part.default)
        if isinstance(part, Command):
            return self._command(part.text)
        raise SecretError(
            "$( is never closed; close it, with double quotes around a value of several lines, "
            "or write single quotes around a value that is no command"
        )

    def _variable(self, name: str, default: str | None) -> Value:
        value = self._lookup(name)
        if value is None and name in self.shell.environ:
            value = Value(self.shell.environ[name])
        if default is not None and (value is None or not value.text):
            return Value(self._joined(default).text, is_explicit=True)
        if value is None:
            raise SecretError(
                f"${name} is not set; export {name}=..., define it above this line, or write "
                f"\\${name} for a dollar sign"
            )
        return value

    def _lookup(self, name: str) -> Value | None:
        """Look a name up in the files; raises SecretError if it has no value there."""
        outcome = self.found.get(name) or self.encrypted.get(name)
        if isinstance(outcome, Problem):
            raise SecretError(f"needs {name}, but {outcome}")
        return outcome

    def _command(self, text: str) -> Value:
        if not self.runs_commands:
            raise SecretError("needs a command, and none is run now")
        source = inline.Source(
            variable=lambda name, default: self._variable(name, default).text,
            command=self._script,
            is_whole=self._is_fetched,
        )
        command = inline.read(text, source)
        return Value(self._script(text)) if command is None else self._inline(command)

    def _inline(self, command: inline.Inline) -> Value:
        try:
            output = answer(command.words, self.fetcher)
        except SecretError:
            if command.operator != "||":
                raise
            return Value(self._script(command.rest))
        if command.operator == "|":
            return Value(self._script(command.rest, stdin=f"{output}\n"))
        return Value(_chomped(output), is_fetched=command.words[0] == "fetch")

    def _script(self, text: str, stdin: str | None = None) -> str:
        values: dict[str, str] = {}

        def holder(name: str) -> str | None:
            value = self._lookup(name)
            if value is None:
                return name if name in self.shell.environ and name.isidentifier() else None
            values[f"kamalpy_{name}"] = value.text
            return f"kamalpy_{name}"

        script = rewrite(text, holder, whole=self._is_fetched)
        result = self.shell.script(script, values, stdin)
        if result.code != 0:
            raise SecretError(f'the command "{_shortened(text)}" failed with {result.failure}')
        return _chomped(result.stdout)

    def _is_fetched(self, name: str) -> bool:
        outcome = self.found.get(name)
        return isinstance(outcome, Value) and outcome.is_fetched

    def _is_legacy(self) -> bool:
        outcome = self.found.get("DOTENV_LINEBREAK_MODE")
        mode = outcome.text if isinstance(outcome, Value) else None
        return (mode or self.shell.environ.get("DOTENV_LINEBREAK_MODE")) == "legacy"


def _checked(value: Value) -> Value:
    if not is_storable(value.text):
        raise SecretError("holds what no environment can: a NUL byte, or half a character")
    return value


def _chomped(text: str) -> str:
    return re.sub(r"\r?\n\Z", "", text)


def _shortened(command: str) -> str:
    words = " ".join(command.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}..."
