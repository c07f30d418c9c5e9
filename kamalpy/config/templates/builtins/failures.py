"""Ruby's exceptions and classes: what is a kind of what."""

from __future__ import annotations

from collections.abc import Mapping

_PARENTS: Mapping[str, str] = {
    "ArgumentError": "StandardError",
    "Dotenv::Error": "StandardError",
    "Dotenv::FormatError": "SyntaxError",
    "Dotenv::MissingKeys": "Dotenv::Error",
    "EncodingError": "StandardError",
    "Errno::EACCES": "SystemCallError",
    "Errno::EISDIR": "SystemCallError",
    "Errno::ENOENT": "SystemCallError",
    "FalseClass": "Object",
    "FloatDomainError": "RangeError",
    "Float": "Numeric",
    "FrozenError": "RuntimeError",
    "Hash": "Enumerable",
    "IndexError": "StandardError",
    "Integer": "Numeric",
    "IOError": "StandardError",
    "KeyError": "IndexError",
    "LoadError": "ScriptError",
    "LocalJumpError": "StandardError",
    "NameError": "StandardError",
    "NoMethodError": "NameError",
    "NotImplementedError": "ScriptError",
    "Array": "Enumerable",
    "Numeric": "Comparable",
    "Range": "Enumerable",
    "RangeError": "StandardError",
    "RegexpError": "StandardError",
    "RuntimeError": "StandardError",
    "ScriptError": "Exception",
    "SecurityError": "Exception",
    "StandardError": "Exception",
    "StopIteration": "IndexError",
    "String": "Comparable",
    "SyntaxError": "ScriptError",
    "SystemCallError": "StandardError",
    "SystemExit": "Exception",
    "Time": "Comparable",
    "TypeError": "StandardError",
    "URI::InvalidURIError": "StandardError",
    "ZeroDivisionError": "StandardError",
}
CLASSES = frozenset(
    {
        *_PARENTS,
        *_PARENTS.values(),
        "BasicObject",
        "NilClass",
        "Object",
        "Proc",
        "Symbol",
        "TrueClass",
        "Regexp",
        "MatchData",
    }
)


def is_a(kind: str, ancestor: str) -> bool:
    """Whether a class is another one, or comes from it."""
    if ancestor in ("Object", "BasicObject", "Kernel"):
        return True
    current: str | None = kind
    while current is not None and current != ancestor:
        current = _PARENTS.get(current)
    return current is not None


def is_error(kind: str) -> bool:
    """Whether a class is an exception."""
    return is_a(kind, "Exception")
