"""
The grammar of dotenv files, one for all that are read: ``.kamal/secrets`` and ``Dotenv.load``.

It is that of Ruby's dotenv 3, which Kamal reads with. What a variable or a command stands for is
up to the reader.
"""

from .command_end import end_of_command
from .lines import Line, is_name, parse, quote
from .values import Command, Literal, Part, Unclosed, Variable, parts, unescape, variables

__all__ = [
    "Command",
    "Line",
    "Literal",
    "Part",
    "Unclosed",
    "Variable",
    "end_of_command",
    "is_name",
    "parse",
    "parts",
    "quote",
    "unescape",
    "variables",
]
