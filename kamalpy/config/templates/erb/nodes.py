"""The syntax tree: frozen nodes, each with its offset in the template (``at``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a template."""

    at: int


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Statements; the value is that of the last one."""

    statements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Output(Node):
    """``<%= value %>``, or the text between tags."""

    value: Node
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, symbol, plain string, ``nil``, ``true`` or ``false``."""

    value: object


@dataclass(frozen=True, slots=True)
class Interpolation(Node):
    """``"text #{value}"``, ``:"name"``, ``/regexp/`` or a command in back-ticks."""

    parts: tuple[Node, ...]
    kind: str = "string"
    flags: str = ""


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """``[a, *b]``, and the targets of ``a, b = value``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class HashLiteral(Node):
    """``{key => value, **other}``, or keyword arguments; the key of ``**other`` is None."""

    pairs: tuple[tuple[Node | None, Node], ...]
    braces: bool = True


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """``first..last``, ``first...last``"""

    first: Node | None
    last: Node | None
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``local``, ``@instance``, ``$1``, and a constant that is assigned."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """``File``, ``Kamal::VERSION``"""

    name: str


@dataclass(frozen=True, slots=True)
class Prefixed(Node):
    """``*list`` among items, ``&:name`` among arguments."""

    sign: str
    value: Node


@dataclass(frozen=True, slots=True)
class Block(Node):
    """``{ |a, (b, c)| body }``"""

    parameters: tuple[Node, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``receiver.name(arguments) { block }``, and every operator that is a method."""

    receiver: Node | None
    name: str
    arguments: tuple[Node, ...] = ()
    block: Block | None = None
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """``target = value``, ``target ||= value``"""

    target: Node
    value: Node
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """``left && right``, ``left || right``"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if``, ``unless``, ``case``, ``condition ? a : b``"""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None


@dataclass(frozen=True, slots=True)
class Begin(Node):
    """``begin``, ``ensure``, and for each ``rescue`` its classes, its variable and its body."""

    body: Node
    rescues: tuple[tuple[tuple[Node, ...], Node | None, Node], ...]
    ensure: Node | None = None


@dataclass(frozen=True, slots=True)
class Next(Node):
    """``next`` in a block."""

    value: Node | None
