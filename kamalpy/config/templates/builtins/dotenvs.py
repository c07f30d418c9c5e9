"""``Dotenv``: loads ``.env`` files into ENV."""

from __future__ import annotations

from collections.abc import Callable

from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.dotenv import Around, EnvFile, Withheld, parse_env
from kamalpy.config.templates.trouble import Forbidden, MissingVariable, RubyError
from kamalpy.config.templates.values import Hash, Module, Value, hash_of, truthy
from kamalpy.config.templates.world import World

from .files import read_text
from .methods import Call, Methods, wrong_kind

_UNSEEN = ("Errno::ENOENT", "Errno::EISDIR")


def load(world: World, names: list[str], *, overwrite: bool, ignore: bool = True) -> Hash:
    """Load files into ENV, as ``Dotenv.load`` does."""
    loaded: dict[str, str] = {}
    for name in _in_order(names, overwrite):
        found = _file(world, name, overwrite=overwrite, ignore=ignore)
        loaded.update(_updated(world, found, overwrite=overwrite))
    return hash_of(loaded)


def _in_order(names: list[str], overwrite: bool) -> list[str]:
    names = names or [".env"]
    return names[::-1] if overwrite else names


def _file(world: World, name: str, *, overwrite: bool, ignore: bool) -> EnvFile:
    try:
        text = read_text(_expanded(world, name), world)
    except RubyError as error:
        if ignore and error.kind in _UNSEEN:
            return EnvFile()
        raise
    world.meter.spend(len(text) // 10)
    around = Around(world.environ, _runner(world), world.memory.withheld, overwrite)
    return parse_env(text, around)


def _expanded(world: World, name: str) -> str:
    home = world.environ.get("HOME")
    return home + name[1:] if home and name.startswith("~/") else name


def _runner(world: World) -> Callable[[str], str]:
    def run(command: str) -> str:
        try:
            return run_command(command, world)
        except Forbidden:
            program = (command.split() or [""])[0]
            raise Withheld(f"$({program} ...)") from None

    return run


def _updated(world: World, found: EnvFile, *, overwrite: bool) -> dict[str, str]:
    for name, command in found.withheld.items():
        if overwrite or name not in world.environ:
            world.environ.pop(name, None)
            world.memory.withheld[name] = command
    for name, value in found.values.items():
        if overwrite or name not in world.environ:
            world.environ[name] = value
            world.memory.withheld.pop(name, None)
    return {name: world.environ[name] for name in found.values if name in world.environ}


def _names(arguments: tuple[Value, ...]) -> list[str]:
    names = []
    for argument in arguments:
        if not isinstance(argument, str):
            raise wrong_kind(argument, "String")
        names.append(argument)
    return names


def _load(
    call: Call, module: Module, *names: Value, overwrite: Value = False, ignore: Value = True
) -> Value:
    found = _names(names)
    return load(call.world, found, overwrite=truthy(overwrite), ignore=truthy(ignore))


def _load_strictly(call: Call, module: Module, *names: Value) -> Value:
    return load(call.world, _names(names), overwrite=False, ignore=False)


def _overload(call: Call, module: Module, *names: Value) -> Value:
    return load(call.world, _names(names), overwrite=True)


def _overload_strictly(call: Call, module: Module, *names: Value) -> Value:
    return load(call.world, _names(names), overwrite=True, ignore=False)


def _parse(
    call: Call, module: Module, *names: Value, overwrite: Value = False, ignore: Value = True
) -> Value:
    parsed: dict[str, str] = {}
    for name in _in_order(_names(names), truthy(overwrite)):
        found = _file(call.world, name, overwrite=truthy(overwrite), ignore=truthy(ignore))
        for unset, command in found.withheld.items():
            raise Forbidden(
                f"the variable {unset} of {name} comes from a command, {command}",
                "allow it with `commands: true` under x-kamalpy or with --allow-commands",
            )
        parsed.update(found.values)
    return hash_of(parsed)


def _require_keys(call: Call, module: Module, *names: Value) -> Value:
    wanted = _names(tuple(item for name in names for item in _flat(name)))
    unset = [name for name in wanted if name not in call.world.environ]
    if unset:
        raise MissingVariable(
            "Dotenv::MissingKeys",
            f"Dotenv.require_keys asks for {', '.join(unset)}, not set",
            "export them, or add them to the .env file",
        )
    return None


def _flat(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list) else [value]


DOTENV: Methods = {
    "load": _load,
    "load!": _load_strictly,
    "overload": _overload,
    "overload!": _overload_strictly,
    "overwrite": _overload,
    "overwrite!": _overload_strictly,
    "parse": _parse,
    "require_keys": _require_keys,
}
