"""``Dotenv``: loads dotenv files into ENV."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kamalpy import dotenv
from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.evaluation.values import Module, Value, is_truthy, to_str
from kamalpy.config.templates.project_files import read_text
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    PermissionRequiredError,
    RubyError,
)

from .arrays import ARRAY
from .calls import MethodCall, Methods

_IGNORED = ("Errno::ENOENT", "Errno::EISDIR")
_LEGACY = "DOTENV_LINEBREAK_MODE"


class _WithheldError(Exception):
    """A value that needs a command which may not run."""


@dataclass(slots=True)
class EnvFile:
    """What a file defines: values, and the command of each value that was withheld."""

    context: RenderContext
    overwrite: bool = False
    values: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Evaluate the lines of a file; a variable of ENV wins, unless it is overwritten."""
        environ, withheld = self.context.environ, self.context.shared.withheld
        for line in dotenv.parse(text):
            name = line.name
            if not self.overwrite and name != _LEGACY and (name in environ or name in withheld):
                known, other = (
                    (withheld, self.withheld) if name in withheld else (environ, self.values)
                )
                other[name] = known[name]
            elif not line.is_set:
                what = f"export {name} stands before {name} is set"
                raise RubyError("Dotenv::FormatError", what, "set it")
            else:
                self._set(line)

    def _set(self, line: dotenv.Line) -> None:
        try:
            self.values[line.name] = self._value(line)
            self.withheld.pop(line.name, None)
        except _WithheldError as error:
            self.values.pop(line.name, None)
            self.withheld[line.name] = str(error)

    def _value(self, line: dotenv.Line) -> str:
        if line.quote == "'":
            return line.text
        legacy = self._variable(_LEGACY) == "legacy"
        text = dotenv.unescape(line.text, quote=line.quote, legacy_newlines=legacy)
        return "".join(map(self._part, dotenv.parts(text)))

    def _part(self, part: dotenv.Part) -> str:
        if isinstance(part, dotenv.Variable):
            default = "".join(map(self._part, dotenv.parts(part.default or "")))
            return self._variable(part.name) or default
        if isinstance(part, dotenv.Command):
            command = "".join(map(self._part, dotenv.variables(part.text)))
            return re.sub(r"\r?\n\Z", "", self._output(command))
        return part.text

    def _variable(self, name: str) -> str:
        for withheld, values in (
            (self.withheld, self.values),
            (self.context.shared.withheld, self.context.environ),
        ):
            if name in withheld:
                raise _WithheldError(withheld[name])
            if name in values:
                return values[name]
        return ""

    def _output(self, command: str) -> str:
        try:
            return run_command(command, self.context)
        except PermissionRequiredError:
            program = (command.split() or [""])[0]
            raise _WithheldError(f"$({program} ...)") from None


def load(
    context: RenderContext, names: list[str], *, overwrite: bool, ignore: bool = True
) -> dict[str, str]:
    """Load files into ENV, as ``Dotenv.load`` does."""
    loaded: dict[str, str] = {}
    for name in names[::-1] if overwrite else names or [".env"]:
        file = _read(context, name, overwrite=overwrite, ignore=ignore)
        for each, command in file.withheld.items():
            if overwrite or each not in context.environ:
                context.environ.pop(each, None)
                context.shared.withheld[each] = command
        for each, value in file.values.items():
            if overwrite or each not in context.environ:
                context.environ[each] = value
                context.shared.withheld.pop(each, None)
            loaded[each] = context.environ[each]
    return loaded


def _read(context: RenderContext, name: str, *, overwrite: bool, ignore: bool) -> EnvFile:
    home = context.environ.get("HOME")
    path = home + name[1:] if home and name.startswith("~/") else name
    file = EnvFile(context, overwrite)
    try:
        text = read_text(path, context)
    except RubyError as error:
        if ignore and error.kind in _IGNORED:
            return file
        raise
    context.meter.spend(len(text) // 10)
    file.read(text)
    return file


def _load(
    call: MethodCall, module: Module, *names: Value, overwrite: Value = False, ignore: Value = True
) -> Value:
    replaces = is_truthy(overwrite) or call.name.startswith("over")
    strict = call.name.endswith("!") or not is_truthy(ignore)
    given = list(map(to_str, names))
    return dict(load(call.context, given, overwrite=replaces, ignore=not strict))


def _parse(call: MethodCall, module: Module, *names: Value) -> Value:
    parsed: dict[Value, Value] = {}
    for name in map(to_str, names or (".env",)):
        file = _read(call.context, name, overwrite=False, ignore=True)
        for unset, command in file.withheld.items():
            raise PermissionRequiredError(
                f"the variable {unset} of {name} comes from a command, {command}",
                "allow it with `commands: true` under x-kamalpy or with --allow-commands",
            )
        parsed |= file.values
    return parsed


def _require_keys(call: MethodCall, module: Module, *names: Value) -> Value:
    wanted = map(call.text, ARRAY["flatten"](call, list(names)))  # type: ignore[call-overload]
    unset = [name for name in wanted if name not in call.context.environ]
    if unset:
        what = f"Dotenv.require_keys needs {', '.join(unset)}, not set"
        how = "export them, or add them to the .env file"
        raise MissingVariableError("Dotenv::MissingKeys", what, how)
    return None


DOTENV: Methods = {
    **dict.fromkeys(("load", "load!", "overload", "overload!", "overwrite", "overwrite!"), _load),
    "parse": _parse,
    "require_keys": _require_keys,
}
