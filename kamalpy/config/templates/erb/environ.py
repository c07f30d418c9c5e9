"""``ENV``, and ``Dotenv``, which loads files into it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from kamalpy import dotenv
from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.project_files import read_text
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    PermissionRequiredError,
    RubyError,
)

from .calls import MethodCall, Methods
from .values import Module, Value, expect, is_truthy

_ALLOW = "allow it with `commands: true` under x-kamalpy or with --allow-commands"
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
    message = f'key not found: "{name}"'
    return MissingVariableError("KeyError", what, f"export {name}=...{guess}, {how}", message)


def _get(call: MethodCall, module: Module, name: Value) -> str | None:
    command = call.context.shared.withheld.get(expect(name, str))
    if command is not None:
        what = f"the variable {name} comes from a command, {command}, which may not run here"
        raise PermissionRequiredError(what, f"{_ALLOW}, or export {name}=...")
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
    if value is None:
        call.context.environ.pop(expect(name, str), None)
    else:
        call.context.environ[expect(name, str)] = expect(value, str)
    return value


def _delete(call: MethodCall, module: Module, name: Value) -> Value:
    old = call.context.environ.get(expect(name, str))
    _set(call, module, name, None)
    return old


def _has(call: MethodCall, module: Module, name: Value) -> bool:
    return name in call.context.environ or name in call.context.shared.withheld


ENV: Methods = {
    "[]": _get,
    "[]=": _set,
    "delete": _delete,
    "fetch": _fetch,
    "has_key?": _has,
    "include?": _has,
    "key?": _has,
    "to_h": lambda call, module: dict(call.context.environ),
}


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
            keeps = not self.overwrite and line.name != _LEGACY
            if keeps and line.name in withheld:
                self.withheld[line.name] = withheld[line.name]
            elif keeps and line.name in environ:
                self.values[line.name] = environ[line.name]
            elif line.is_set:
                self._set(line)
            else:
                what = f"export {line.name} stands before {line.name} is set"
                raise RubyError("Dotenv::FormatError", what, "set it")

    def _set(self, line: dotenv.Line) -> None:
        self.values.pop(line.name, None)
        self.withheld.pop(line.name, None)
        try:
            self.values[line.name] = self._value(line)
        except _WithheldError as error:
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
        if not isinstance(part, dotenv.Command):
            return part.text
        command = "".join(map(self._part, dotenv.variables(part.text)))
        try:
            return re.sub(r"\r?\n\Z", "", run_command(command, self.context))
        except PermissionRequiredError:
            program = (command.split() or [""])[0]
            raise _WithheldError(f"$({program} ...)") from None

    def _variable(self, name: str) -> str:
        context = self.context
        for withheld, values in (
            (self.withheld, self.values),
            (context.shared.withheld, context.environ),
        ):
            if name in withheld:
                raise _WithheldError(withheld[name])
            if name in values:
                return values[name]
        return ""


def load(
    context: RenderContext, names: list[str], *, overwrite: bool, strict: bool = False
) -> dict[str, str]:
    """Load files into ENV, as ``Dotenv.load`` does."""
    environ, withheld = context.environ, context.shared.withheld
    loaded: dict[str, str] = {}
    for name in (names or [".env"])[:: -1 if overwrite else 1]:
        file = _read(context, name, overwrite=overwrite, strict=strict)
        for each, command in file.withheld.items():
            if overwrite or each not in environ:
                environ.pop(each, None)
                withheld[each] = command
        for each, value in file.values.items():
            if overwrite or each not in environ:
                environ[each] = value
                withheld.pop(each, None)
            loaded[each] = environ[each]
    return loaded


def _read(context: RenderContext, name: str, *, overwrite: bool, strict: bool) -> EnvFile:
    home = context.environ.get("HOME")
    file = EnvFile(context, overwrite)
    try:
        text = read_text(home + name[1:] if home and name.startswith("~/") else name, context)
    except RubyError as error:
        if strict or error.kind not in ("Errno::ENOENT", "Errno::EISDIR"):
            raise
        return file
    context.meter.spend(len(text) // 10)
    file.read(text)
    return file


def _load(call: MethodCall, module: Module, *names: Value, overwrite: Value = False) -> Value:
    replaces = is_truthy(overwrite) or call.name.startswith("over")
    given = [expect(name, str) for name in names]
    return load(call.context, given, overwrite=replaces, strict=call.name.endswith("!"))


def _parse(call: MethodCall, module: Module, *names: Value) -> Value:
    parsed: dict[str, str] = {}
    for name in names or (".env",):
        file = _read(call.context, expect(name, str), overwrite=False, strict=False)
        for unset, command in file.withheld.items():
            what = f"the variable {unset} of {name} comes from a command, {command}"
            raise PermissionRequiredError(what, _ALLOW)
        parsed |= file.values
    return parsed


def _require_keys(call: MethodCall, module: Module, *names: Value) -> Value:
    unset = [expect(name, str) for name in names if name not in call.context.environ]
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
