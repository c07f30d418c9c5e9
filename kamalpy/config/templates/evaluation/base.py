"""What all parts of the interpreter share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from kamalpy.config.templates.builtins.methods import Call as Circumstances
from kamalpy.config.templates.erb import Program
from kamalpy.config.templates.language.tree import Node
from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.looks import to_s
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Value, truthy
from kamalpy.config.templates.world import World

from .binding import Binder
from .output import Output
from .scope import Scope
from .sending import Sender


class Base(ABC):
    """A program, the world it reaches, and the output it writes to."""

    def __init__(self, world: World, program: Program, output: Output) -> None:
        self.world = world
        self.program = program
        self.output = output
        self.sender = Sender(world)
        self.binder = Binder(world, self.evaluate)
        self.rescuing = 0
        self.caught: list[RubyError] = []

    @property
    def meter(self) -> Meter:
        """What is left to spend."""
        return self.world.meter

    @abstractmethod
    def evaluate(self, node: Node, scope: Scope) -> Value:
        """The value of a node."""

    @abstractmethod
    def assigned(self, node: Node, value: Value, scope: Scope) -> None:
        """Give a variable or an index a value."""

    def holds(self, node: Node, scope: Scope) -> bool:
        """Whether a condition holds."""
        return truthy(self.evaluate(node, scope))

    def text(self, value: Value) -> str:
        """Ruby's ``to_s``."""
        return to_s(value, self.meter)

    def circumstances(self, name: str) -> Circumstances:
        """What a method of ours is given, for a call that the interpreter makes itself."""
        return Circumstances(name, self.world, self.sender.send)

    def joined(self, parts: tuple[Node, ...], scope: Scope) -> str:
        """Parts of a string, put together."""
        texts = [self.text(self.evaluate(part, scope)) for part in parts]
        self.meter.room(sum(map(len, texts)))
        return "".join(texts)

    def misplaced(self, node: Node, scope: Scope) -> Value:
        """Stars and ampersands mean something among arguments only."""
        raise Beyond("a star or ampersand in this place", offset=node.at)
