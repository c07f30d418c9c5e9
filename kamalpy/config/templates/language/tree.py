"""What a program says, as a tree; ``at`` is a node's place in the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kamalpy.config.templates.erb import Text


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands there as it is."""

    at: int
    value: object


@dataclass(frozen=True, slots=True)
class Interpolation:
    """Text in double quotes."""

    at: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Back-ticks, ``%x()``."""

    at: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    at: int
    parts: tuple[Node, ...]
    flags: str


@dataclass(frozen=True, slots=True)
class Items:
    """An array."""

    at: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A hash; a pair without a key is ``**other``. Without braces it holds keyword arguments."""

    at: int
    pairs: tuple[tuple[Node | None, Node], ...]
    braces: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A range."""

    at: int
    first: Node | None
    last: Node | None
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """A local (``x``), instance (``@x``) or global (``$1``) variable."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """``File``, ``Errno::ENOENT``."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Splat:
    """``*items`` among arguments, items or targets."""

    at: int
    value: Node


@dataclass(frozen=True, slots=True)
class BlockPass:
    """``&:name`` or ``&block`` as last argument."""

    at: int
    value: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a block or method takes: ``kind`` is plain, rest, key, keyrest, block or several."""

    name: str
    kind: str = "plain"
    default: Node | None = None
    parts: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """``{ |x| ... }``; an ``open`` one (that of ``for``) has no variables of its own."""

    at: int
    parameters: tuple[Parameter, ...]
    body: Node
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lambda:
    """``->(x) { ... }``."""

    at: int
    block: Block


@dataclass(frozen=True, slots=True)
class Call:
    """A method call; operators and ``[]`` are calls, too. ``safe`` is ``&.``."""

    at: int
    receiver: Node | None
    name: str
    arguments: tuple[Node, ...] = ()
    block: Block | None = None
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """``target = value``; ``operator`` is what stands before ``=``, if anything."""

    at: int
    target: Variable | Call
    value: Node
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """``a, b = values``."""

    at: int
    targets: tuple[Variable | Call | Splat, ...]
    value: Node


@dataclass(frozen=True, slots=True)
class Not:
    """``!x``, ``not x``."""

    at: int
    value: Node


@dataclass(frozen=True, slots=True)
class Both:
    """``a && b``, ``a and b``."""

    at: int
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either:
    """``a || b``, ``a or b``."""

    at: int
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Defined:
    """``defined?(x)``."""

    at: int
    value: Node


@dataclass(frozen=True, slots=True)
class If:
    """``if``, ``unless``, their modifiers, and ``a ? b : c``; the first branch that holds."""

    at: int
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Case:
    """``case x when a, b then ... else ... end``."""

    at: int
    subject: Node | None
    branches: tuple[tuple[tuple[Node, ...], Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class While:
    """``while``, ``until``; ``first`` runs the body once before it asks."""

    at: int
    condition: Node
    body: Node
    first: bool = False


@dataclass(frozen=True, slots=True)
class Rescue:
    """``rescue A, B => error`` and what follows."""

    at: int
    kinds: tuple[Node, ...]
    name: str | None
    body: Node


@dataclass(frozen=True, slots=True)
class Begin:
    """``begin ... rescue ... else ... ensure ... end``."""

    at: int
    body: Node
    rescues: tuple[Rescue, ...] = ()
    otherwise: Node | None = None
    ensure: Node | None = None


@dataclass(frozen=True, slots=True)
class Define:
    """``def name(parameters) ... end``."""

    at: int
    name: str
    parameters: tuple[Parameter, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Yield:
    """``yield x`` in a method."""

    at: int
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """``break``, ``next``, ``return``."""

    at: int
    word: str
    value: Node | None


@dataclass(frozen=True, slots=True)
class Body:
    """Statements, one after the other."""

    at: int
    statements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """Text of the template."""

    at: int
    text: Text


@dataclass(frozen=True, slots=True)
class Echoed:
    """``<%= value %>``."""

    at: int
    value: Node


Node: TypeAlias = (
    Literal
    | Interpolation
    | Command
    | Pattern
    | Items
    | Pairs
    | Span
    | Variable
    | Constant
    | Splat
    | BlockPass
    | Lambda
    | Call
    | Assign
    | Spread
    | Not
    | Both
    | Either
    | Defined
    | If
    | Case
    | While
    | Begin
    | Define
    | Yield
    | Jump
    | Body
    | Put
    | Echoed
)
