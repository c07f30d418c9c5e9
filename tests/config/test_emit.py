"""YAML in Psych's form (asked with ``to_yaml``)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kamalpy.config.document.emit import RubyObject, emit
from kamalpy.config.document.ruby import NonStringKey, Symbol

WRITTEN: list[tuple[Any, str]] = [
    ("plain", "plain"),
    ("two words", "two words"),
    ("", "''"),
    (" x", '" x"'),
    ("5", "'5'"),
    ("yes", "'yes'"),
    ("y", '"y"'),
    ("null", "'null'"),
    ("~", '"~"'),
    ("0640", "'0640'"),
    ("089", "'089'"),
    ("1.5", "'1.5'"),
    ("1e3", "1e3"),
    ("22:22", "'22:22'"),
    ("3306:3306", "3306:3306"),
    ("2026-01-01", "'2026-01-01'"),
    (":sym", '":sym"'),
    ("<<", "!!str '<<'"),
    ("a: b", "'a: b'"),
    ("a #b", "'a #b'"),
    ("--volume", '"--volume"'),
    ('max-size="10m"', 'max-size="10m"'),
    ('!a"b', "'!a\"b'"),
    ("*", '"*"'),
    ("é", "é"),
    ("a\nb", "|-\n  a\n  b"),
    ("a\nb\n", "|\n  a\n  b"),
    ("a\n\n", '"a\\n\\n"'),
    ("\tx", '"\\tx"'),
    (5, "5"),
    (1.0, "1.0"),
    (True, "true"),
    (None, ""),
    (float("inf"), ".inf"),
    (float("nan"), ".nan"),
    (date(2026, 1, 31), "2026-01-31"),
    (Symbol("fatal"), ":fatal"),
    ([], "[]"),
    ({}, "{}"),
]


@pytest.mark.parametrize(("value", "written"), WRITTEN)
def test_writes_as_psych_does(value: Any, written: str) -> None:
    assert f"---\nk: {written}".rstrip() == emit({"k": value}).rstrip()


def test_writes_symbols_odd_keys_and_objects() -> None:
    value = {Symbol("proxy"): RubyObject("Net::SSH::Proxy::Jump", {"jump_proxies": "a@b"})}
    assert emit(value) == "---\n:proxy: !ruby/object:Net::SSH::Proxy::Jump\n  jump_proxies: a@b\n"
    assert emit({NonStringKey(80): [{"a": 1}]}) == "---\n80:\n- a: 1\n"
