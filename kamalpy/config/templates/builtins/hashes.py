"""Methods of hashes."""

from __future__ import annotations

import difflib

from kamalpy.config.templates.limits import MAX_DEPTH
from kamalpy.config.templates.trouble import Exceeded, RubyError
from kamalpy.config.templates.values import Hash, Key, Symbol, Value, key_of, same

from .methods import Call, Methods
from .objects import is_blank


def pairs_of(table: Hash) -> list[Value]:
    """A hash as a list of pairs."""
    return [[key, value] for key, value in table.pairs()]


def _get(call: Call, table: Hash, key: Value) -> Value:
    return table.get(key_of(key, call.meter), table.default)


def _set(call: Call, table: Hash, key: Value, value: Value) -> Value:
    call.meter.room(len(table.entries))
    table.set(key_of(key, call.meter), key, value)
    return value


def _has(call: Call, table: Hash, key: Value) -> bool:
    return key_of(key, call.meter) in table.entries


def _has_value(call: Call, table: Hash, value: Value) -> bool:
    return any(same(item, value, call.meter) for _, item in table.pairs())


def _fetch(call: Call, table: Hash, key: Value, *default: Value) -> Value:
    frozen = key_of(key, call.meter)
    if frozen in table.entries:
        return table.get(frozen)
    if call.block is not None:
        return call.yields(key)
    if default:
        return default[0]
    what = f"the hash has no key {_name(key)}"
    raise RubyError("KeyError", what, _guess(table, key), f"key not found: {_name(key)}")


def _name(key: Value) -> str:
    if isinstance(key, Symbol):
        return f":{key.name}"
    return f'"{key}"' if isinstance(key, str) else "like this"


def _guess(table: Hash, key: Value) -> str:
    names = [name for name, _ in table.pairs() if isinstance(name, str)]
    near = difflib.get_close_matches(key, names[:1_000], 1) if isinstance(key, str) else []
    if near:
        return f'did you mean "{near[0]}"?'
    return f'give it a default: .fetch({_name(key)}, "...")'


def _dig(call: Call, table: Hash, key: Value, *more: Value) -> Value:
    found = _get(call, table, key)
    return call.send(found, "dig", *more) if more and found is not None else found


def _each(call: Call, table: Hash) -> Value:
    for key, value in table.pairs():
        call.yields([key, value])
    return table


def _each_key(call: Call, table: Hash) -> Value:
    for key, _ in table.pairs():
        call.yields(key)
    return table


def _each_value(call: Call, table: Hash) -> Value:
    for _, value in table.pairs():
        call.yields(value)
    return table


def _where(table: Hash, chosen: dict[Key, bool]) -> Hash:
    return Hash({key: entry for key, entry in table.entries.items() if chosen[key]})


def _asked(call: Call, table: Hash) -> dict[Key, bool]:
    return {key: call.holds(*entry) for key, entry in list(table.entries.items())}


def _select(call: Call, table: Hash) -> Hash:
    return _where(table, _asked(call, table))


def _reject(call: Call, table: Hash) -> Hash:
    return _where(table, {key: not held for key, held in _asked(call, table).items()})


def _slice(call: Call, table: Hash, *keys: Value) -> Hash:
    wanted = [key_of(key, call.meter) for key in keys]
    return Hash({key: table.entries[key] for key in wanted if key in table.entries})


def _except(call: Call, table: Hash, *keys: Value) -> Hash:
    unwanted = {key_of(key, call.meter) for key in keys}
    return _where(table, {key: key not in unwanted for key in table.entries})


def _compact(call: Call, table: Hash) -> Hash:
    return Hash({key: entry for key, entry in table.entries.items() if entry[1] is not None})


def _compact_blank(call: Call, table: Hash) -> Hash:
    return Hash({key: entry for key, entry in table.entries.items() if not is_blank(entry[1])})


def _merge(call: Call, table: Hash, *others: Hash) -> Hash:
    merged = Hash(dict(table.entries), table.default)
    for other in others:
        for key, (name, value) in list(other.entries.items()):
            both = call.block is not None and key in merged.entries
            merged.set(key, name, call.yields(name, merged.get(key), value) if both else value)
    return merged


def _update(call: Call, table: Hash, *others: Hash) -> Hash:
    table.entries.update(_merge(call, table, *others).entries)
    return table


def _deep_merge(call: Call, table: Hash, other: Hash) -> Hash:
    call.meter.deeper()
    merged = Hash(dict(table.entries))
    for key, (name, value) in other.entries.items():
        before = merged.get(key)
        merged.set(key, name, _merged(call, before, value))
    call.meter.shallower()
    return merged


def _merged(call: Call, before: Value, value: Value) -> Value:
    if isinstance(before, Hash) and isinstance(value, Hash):
        return _deep_merge(call, before, value)
    return value


def _delete(call: Call, table: Hash, key: Value) -> Value:
    return table.entries.pop(key_of(key, call.meter), (None, None))[1]


def _transform_values(call: Call, table: Hash) -> Hash:
    return Hash(
        {key: (name, call.yields(value)) for key, (name, value) in list(table.entries.items())}
    )


def _transform_keys(call: Call, table: Hash) -> Hash:
    changed = Hash()
    for name, value in table.pairs():
        new = call.yields(name)
        changed.set(key_of(new, call.meter), new, value)
    return changed


def _symbolize_keys(call: Call, table: Hash) -> Hash:
    return _renamed(call, table, lambda name: Symbol(name) if isinstance(name, str) else name)


def _stringify_keys(call: Call, table: Hash) -> Hash:
    return _renamed(call, table, call.text)


def _renamed(call: Call, table: Hash, rename: object) -> Hash:
    changed = Hash()
    for name, value in table.pairs():
        new = rename(name) if callable(rename) else name
        changed.set(key_of(new, call.meter), new, value)
    return changed


def _invert(call: Call, table: Hash) -> Hash:
    changed = Hash()
    for name, value in table.pairs():
        changed.set(key_of(value, call.meter), value, name)
    return changed


def _key(call: Call, table: Hash, wanted: Value) -> Value:
    return next((name for name, value in table.pairs() if same(value, wanted, call.meter)), None)


def _find(call: Call, table: Hash) -> Value:
    return next(([key, item] for key, item in table.pairs() if call.holds([key, item])), None)


def _any(call: Call, table: Hash) -> bool:
    if call.block is None:
        return bool(table.entries)
    return any(call.holds([key, item]) for key, item in table.pairs())


def _values_at(call: Call, table: Hash, *keys: Value) -> Value:
    return [_get(call, table, key) for key in keys]


def _same(call: Call, table: Hash, other: Value) -> bool:
    if call.meter.depth > MAX_DEPTH:
        raise Exceeded("this is nested too deeply")
    return same(table, other, call.meter)


def _to_h(call: Call, table: Hash) -> Value:
    if call.block is None:
        return table
    return call.send(pairs_of(table), "to_h", block=call.block)


HASH: Methods = {
    "==": _same,
    "[]": _get,
    "[]=": _set,
    "any?": _any,
    "clone": lambda call, table: Hash(dict(table.entries), table.default),
    "compact": _compact,
    "compact_blank": _compact_blank,
    "deep_merge": _deep_merge,
    "delete": _delete,
    "detect": _find,
    "dig": _dig,
    "dup": lambda call, table: Hash(dict(table.entries), table.default),
    "each": _each,
    "each_key": _each_key,
    "each_pair": _each,
    "each_value": _each_value,
    "empty?": lambda call, table: not table.entries,
    "except": _except,
    "fetch": _fetch,
    "filter": _select,
    "find": _find,
    "has_key?": _has,
    "has_value?": _has_value,
    "include?": _has,
    "invert": _invert,
    "key": _key,
    "key?": _has,
    "keys": lambda call, table: [name for name, _ in table.pairs()],
    "length": lambda call, table: len(table.entries),
    "member?": _has,
    "merge": _merge,
    "merge!": _update,
    "reject": _reject,
    "select": _select,
    "size": lambda call, table: len(table.entries),
    "slice": _slice,
    "store": _set,
    "stringify_keys": _stringify_keys,
    "symbolize_keys": _symbolize_keys,
    "to_a": lambda call, table: pairs_of(table),
    "to_h": _to_h,
    "to_hash": lambda call, table: table,
    "transform_keys": _transform_keys,
    "transform_values": _transform_values,
    "update": _update,
    "value?": _has_value,
    "values": lambda call, table: [value for _, value in table.pairs()],
    "values_at": _values_at,
}


def _new(call: Call, module: Value, default: Value = None) -> Hash:
    if call.block is not None:
        raise RubyError("NotImplementedError", "Hash.new with a block")
    return Hash(default=default)


HASH_CLASS: Methods = {"new": _new}
