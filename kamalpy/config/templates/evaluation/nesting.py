"""Templates in templates: ``ERB.new(text).result``."""

from __future__ import annotations

from dataclasses import dataclass

from kamalpy.config.templates.erb import compile_template
from kamalpy.config.templates.language import tree
from kamalpy.config.templates.language.parser import parse
from kamalpy.config.templates.trouble import Beyond, Trouble
from kamalpy.config.templates.values import Hash, Template, Value

from .arguments import Arguments
from .base import Base
from .output import Output
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Binding:
    """The local variables of a place, for ``ERB#result``."""

    scope: Scope


class Nesting(Base):
    """Renders a template inside of another one."""

    def rendered(self, template: Template, node: tree.Call, passed: Arguments) -> Value:
        """``ERB.new(text).result``: a template in the template."""
        if node.name not in ("result", "result_with_hash"):
            raise Beyond(f"`ERB#{node.name}`")
        inner = Scope()
        given = passed.values[0] if passed.values else passed.keywords
        if isinstance(given, Hash):
            for key, value in given.pairs():
                inner.set(self.text(key), value)
        elif isinstance(given, Binding):
            inner = Scope(parent=given.scope)
        elif given is not None:
            raise Beyond("this binding for ERB")
        return self._nested(template, inner, node.at)

    def _nested(self, template: Template, scope: Scope, at: int) -> str:
        outer = self.program, self.output
        known = len(self.world.problems)
        self.output = Output()
        self.program = compile_template(template.text, trim=template.trim)
        self.meter.spend(len(template.text) // 50)
        try:
            self.evaluate(parse(self.program, self.meter, scope.names()), scope)
            return self.output.text()
        except Trouble as trouble:
            trouble.offset = at
            raise
        finally:
            self.program, self.output = outer
            for problem in self.world.problems[known:]:
                problem.offset = at
