"""Ruby's classes: which exception is a kind of which."""

from __future__ import annotations

_CHILDREN = {
    "Exception": ("NoMemoryError", "ScriptError", "StandardError", "SystemExit"),
    "ScriptError": ("LoadError", "NotImplementedError", "SyntaxError"),
    "SyntaxError": ("Dotenv::FormatError",),
    "StandardError": (
        "ArgumentError", "Dotenv::Error", "IOError", "IndexError", "JSON::ParserError",
        "NameError", "RangeError", "RegexpError", "RuntimeError", "SystemCallError", "TypeError",
        "URI::InvalidURIError", "ZeroDivisionError", "Psych::SyntaxError",
    ),
    "Dotenv::Error": ("Dotenv::MissingKeys",),
    "IndexError": ("KeyError", "StopIteration"),
    "NameError": ("NoMethodError",),
    "SystemCallError": ("Errno::EACCES", "Errno::EISDIR", "Errno::ENOENT"),
}  # fmt: skip
_PARENTS = {child: parent for parent, children in _CHILDREN.items() for child in children}
ERRORS = frozenset({*_PARENTS, *_CHILDREN})


def is_kind_of(kind: str, ancestor: str) -> bool:
    """Tell whether an exception is of a class."""
    while kind != ancestor and kind in _PARENTS:
        kind = _PARENTS[kind]
    return kind == ancestor
