"""Finds the method for a receiver and a name, and calls it: only tables of ours are searched."""

from __future__ import annotations

from collections.abc import Mapping

from kamalpy.config.templates.builtins.arrays import ARRAY
from kamalpy.config.templates.builtins.comparing import COMPARABLE
from kamalpy.config.templates.builtins.enumerables import ENUMERABLE, ENUMERATOR
from kamalpy.config.templates.builtins.hashes import HASH, pairs_of
from kamalpy.config.templates.builtins.methods import (
    Call,
    Method,
    Methods,
    invoke,
    not_known,
    spelled,
)
from kamalpy.config.templates.builtins.modules import methods_of
from kamalpy.config.templates.builtins.numbers import FLOAT, INTEGER
from kamalpy.config.templates.builtins.objects import (
    BOOLEAN,
    FAILURE,
    MATCH,
    MODULE,
    NIL,
    OBJECT,
    PROC,
    SYMBOL,
)
from kamalpy.config.templates.builtins.patterns import REGEXP
from kamalpy.config.templates.builtins.ranges import RANGE, items_of
from kamalpy.config.templates.builtins.strings import STRING
from kamalpy.config.templates.builtins.times import TIME
from kamalpy.config.templates.builtins.uris import ADDRESS
from kamalpy.config.templates.trouble import Beyond, RubyError, Trouble
from kamalpy.config.templates.values import (
    Address,
    Enumerator,
    Failure,
    Hash,
    Match,
    Module,
    Moment,
    Proc,
    Range,
    Regexp,
    Symbol,
    Value,
)
from kamalpy.config.templates.world import World

_TABLES: Mapping[type, tuple[Methods, ...]] = {
    str: (STRING, COMPARABLE),
    int: (INTEGER,),
    float: (FLOAT,),
    bool: (BOOLEAN,),
    type(None): (NIL,),
    Symbol: (SYMBOL, COMPARABLE),
    list: (ARRAY,),
    Hash: (HASH,),
    Range: (RANGE,),
    Regexp: (REGEXP,),
    Match: (MATCH,),
    Proc: (PROC,),
    Failure: (FAILURE,),
    Enumerator: (ENUMERATOR,),
    Moment: (TIME, COMPARABLE),
    Address: (ADDRESS,),
}


class Sender:
    """Calls methods in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def send(
        self,
        receiver: Value,
        name: str,
        *arguments: Value,
        block: Proc | None = None,
        keywords: Hash | None = None,
    ) -> Value:
        """Call a method by its name in Ruby."""
        self.world.meter.spend()
        call = Call(name, self.world, self.send, block)
        method = _method(receiver, name)
        if method is None and name in ENUMERABLE:
            items = _items(receiver, call)
            if items is not None:
                return invoke(ENUMERABLE[name], call, items, list(arguments), keywords)
        if method is None:
            raise _unknown(receiver, name)
        return invoke(method, call, receiver, list(arguments), keywords)


def _method(receiver: Value, name: str) -> Method | None:
    tables = _TABLES.get(type(receiver), ())
    if isinstance(receiver, Module):
        tables = (methods_of(receiver), MODULE)
    return next((table[name] for table in (*tables, OBJECT) if name in table), None)


def _items(receiver: Value, call: Call) -> list[Value] | None:
    """What a receiver holds, if it holds several values."""
    if isinstance(receiver, Hash):
        call.meter.room(len(receiver.entries))
        return pairs_of(receiver)
    if isinstance(receiver, Range):
        return items_of(receiver, call)
    if isinstance(receiver, Enumerator) and isinstance(receiver.receiver, list):
        return receiver.receiver
    return None


def responds(receiver: Value, name: str) -> bool:
    """Whether there is a method of this name."""
    several = isinstance(receiver, (Hash, Range)) and name in ENUMERABLE
    return several or _method(receiver, name) is not None


def _unknown(receiver: Value, name: str) -> Trouble:
    if receiver is None:
        how = f"give it a value, or write &.{name} where nil may stand"
        how = how if name[0].isalpha() else "give it a value"
        return RubyError("NoMethodError", f"{spelled(name)} is called on nil", how)
    if isinstance(receiver, Module):
        return Beyond(f"`{receiver.name}.{name}`")
    return not_known(receiver, name)
