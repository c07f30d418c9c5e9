"""Template, then YAML: from the text of a file to its tree."""

from __future__ import annotations

from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kamalpy.config.document import Mapping
from kamalpy.config.document.compose import Composer, plain_keys
from kamalpy.config.document.nodes import Node
from kamalpy.config.document.ruby import kind
from kamalpy.config.document.syntax import Texts, syntax_problem
from kamalpy.config.files import Source
from kamalpy.config.templates import Permissions, SharedContext, render_with_lines
from kamalpy.config.unset import Tags, without_repeats
from kamalpy.errors import ConfigurationError, Problem


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files of one configuration; what a template does to ENV, the next one sees."""

    root: Path
    environ: Values[str, str]
    permissions: Permissions
    shared: SharedContext = field(default_factory=SharedContext)
    notes: list[Problem] = field(default_factory=list)

    @property
    def seen(self) -> Values[str, str]:
        """The environment as the templates have left it."""
        return self.environ if self.shared.environ is None else self.shared.environ

    def tags(self, sources: list[Source]) -> Tags:
        """Return the files' lines with the environment, to explain empty values."""
        return Tags({each.name: each.text.splitlines() for each in sources}, self.seen)

    def read(self, sources: list[Source]) -> Mapping:
        """Read and merge all files; raise all their problems at once."""
        documents: list[Mapping] = []
        problems: list[Problem] = []
        for source in sources:
            try:
                documents.append(self._document(source))
            except ConfigurationError as error:
                problems += error.problems
        if problems:
            tags = self.tags(sources)
            raise ConfigurationError(map(tags.explain, without_repeats(problems)))
        document, *others = documents
        for other in others:
            document = document.merge(other)
        return document

    def _document(self, source: Source) -> Mapping:
        text, lines = self._render(source)
        composer = Composer(source.name, lines, source.text)
        try:
            node = composer.compose(text)
        except yaml.YAMLError as error:
            problem = syntax_problem(error, source.name, Texts(source.text, text, lines))
            raise ConfigurationError([problem]) from None
        self.notes.extend(composer.notes)
        if isinstance(node, Mapping):
            return plain_keys(node)
        raise ConfigurationError([_no_mapping(source.name, node)])

    def _render(self, source: Source) -> tuple[str, list[int]]:
        return render_with_lines(
            source.text,
            file=source.name,
            root=self.root,
            environ=self.environ,
            allow_ruby=self.permissions.ruby,
            allow_commands=self.permissions.commands,
            shared=self.shared,
        )


def _no_mapping(file: str, node: Node | None) -> Problem:
    how = 'write keys and values, as in "service: blog"'
    if node is None:
        return Problem("is empty", how, file=file)
    return Problem(f"should be a hash, not {kind(node.plain())}", how, "", file, node.place.line)
