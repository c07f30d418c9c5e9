"""``ENV``, and ``Dotenv.load``, which loads files into it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from kamalpy import dotenv
from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext, read_text
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    PermissionRequiredError,
    RubyError,
)

from .values import MethodCall, Methods, Module, Value, expect

_LEGACY = "DOTENV_LINEBREAK_MODE"


def missing_variable(
    name: str, what: str, context: RenderContext, how: str = ""
) -> MissingVariableError:
    """Return the error for a variable that is not set."""
    if name == "KAMAL_DESTINATION":
        return MissingVariableError("KeyError", what, "choose a destination, as in -d staging")
    near = difflib.get_close_matches(name, list(context.environ)[:1_000], 1, 0.85)
    guess = f" (did you mean {near[0]}?)" if near else ""
    how = how or f'or give it a default: ENV.fetch("{name}", "...")'
    return MissingVariableError("KeyError", what, f"export {name}=...{guess}, {how}")


def _get(call: MethodCall, module: Module, name: Value) -> str | None:
    command = call.context.shared.withheld.get(expect(name, str))
    if command is not None:
        what = f"the variable {name} comes from a command, {command}, which may not run here"
        how = "allow it with `commands: true` under x-kamalpy or with --allow-commands"
        raise PermissionRequiredError(what, f"{how}, or export {name}=...")
    return call.context.environ.get(expect(name, str))


def _fetch(call: MethodCall, module: Module, name: Value, *default: Value) -> Value:
    value = _get(call, module, name)
    if value is not None:
        return value
    if default or call.block:
        return default[0] if default else call.run(name)
    what = f'ENV.fetch("{name}") needs a variable that is not set'
    raise missing_variable(expect(name, str), what, call.context)


def _set(call: MethodCall, module: Module, name: Value, value: Value) -> Value:
    call.context.shared.withheld.pop(expect(name, str), None)
    call.context.environ.pop(expect(name, str), None)
    if value is not None:
        call.context.environ[expect(name, str)] = expect(value, str)
    return value


def _has(call: MethodCall, module: Module, name: Value) -> bool:
    return name in call.context.environ or name in call.context.shared.withheld


ENV: Methods = {
    "[]": _get,
    "[]=": _set,
    "fetch": _fetch,
    "include?": _has,
    "key?": _has,
    "to_h": lambda call, module: dict(call.context.environ),
}


class _WithheldError(Exception):
    """A value that needs a command which may not run."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What a file defines: values, and the command of each value that was withheld."""

    context: RenderContext
    values: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Evaluate the lines of a file; a variable that is set already keeps its value."""
        for line in dotenv.parse(text):
            self.values.pop(line.name, None)
            self.withheld.pop(line.name, None)
            try:
                self.values[line.name] = self._value(line)
            except _WithheldError as error:
                self.withheld[line.name] = str(error)

    def _value(self, line: dotenv.Line) -> str:
        if line.name != _LEGACY and (value := self._variable(line.name, in_file=False)) is not None:
            return value
        if not line.is_set:
            what = f"export {line.name} stands before {line.name} is set"
            raise RubyError("Dotenv::FormatError", what, "set it")
        if line.quote == "'":
            return line.text
        legacy = self._variable(_LEGACY) == "legacy"
        text = dotenv.unescape(line.text, quote=line.quote, legacy_newlines=legacy)
        return "".join(map(self._part, dotenv.parts(text)))

    def _part(self, part: dotenv.Part) -> str:
        if isinstance(part, dotenv.Variable):
            default = "".join(map(self._part, dotenv.parts(part.default or "")))
            return self._variable(part.name) or default
        if not isinstance(part, dotenv.Command):
            return part.text
        command = "".join(map(self._part, dotenv.variables(part.text)))
        try:
            return re.sub(r"\r?\n\Z", "", run_command(command, self.context))
        except PermissionRequiredError:
            program = (command.split() or [""])[0]
            raise _WithheldError(f"$({program} ...)") from None

    def _variable(self, name: str, *, in_file: bool = True) -> str | None:
        shared = (self.context.shared.withheld, self.context.environ)
        for withheld, values in ((self.withheld, self.values), shared)[not in_file :]:
            if name in withheld:
                raise _WithheldError(withheld[name])
            if name in values:
                return values[name]
        return None


def load(call: MethodCall, module: Value, *names: Value) -> Value:
    """``Dotenv.load``: load files into ENV."""
    context, loaded = call.context, dict[Value, Value]()
    for name in names or [".env"]:
        file = EnvFile(context)
        file.read(_text(context, expect(name, str)))
        for variable, command in file.withheld.items():
            context.shared.withheld.setdefault(variable, command)
        for variable, value in file.values.items():
            loaded[variable] = context.environ.setdefault(variable, value)
    return loaded


def _text(context: RenderContext, name: str) -> str:
    home = context.environ.get("HOME")
    try:
        text = read_text(home + name[1:] if home and name.startswith("~/") else name, context)
    except RubyError as error:
        if error.kind not in ("Errno::ENOENT", "Errno::EISDIR"):
            raise
        return ""
    context.meter.spend(len(text) // 10)
    return text


DOTENV: Methods = {"load": load}
