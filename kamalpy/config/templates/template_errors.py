"""What ends a rendering, before it becomes a ``ConfigurationError`` with file and line."""

from __future__ import annotations

from kamalpy.errors import ConfigurationError, Problem


class RenderError(Exception):
    """What is wrong, how to fix it, and at which offset of the program."""

    def __init__(self, what: str, how: str = "", offset: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.how = how
        self.offset = offset


class RubyError(RenderError):
    """An error that Ruby raises as well, with the name of its class."""

    def __init__(self, kind: str, what: str, how: str = "", offset: int | None = None) -> None:
        super().__init__(what, how, offset)
        self.kind = kind


class MissingVariableError(RubyError):
    """A variable that is not set; rendering goes on, to find the others."""


class UnsupportedError(RenderError):
    """A construct outside of the subset; ``jinja`` shows how to write it in Jinja2."""

    def __init__(self, construct: str, jinja: str = "", offset: int | None = None) -> None:
        super().__init__(f"{construct} is not rendered without Ruby", offset=offset)
        self.jinja = jinja


class UnexpectedTokenError(UnsupportedError):
    """A token in the wrong place, as far as our part of Ruby's grammar goes."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__("", offset=offset)
        self.what = what


class LimitError(RenderError):
    """A template that runs for too long, grows too large or nests too deep."""


class PermissionRequiredError(RenderError):
    """Something that the user has to permit first."""


class SkippedError(RenderError):
    """A command that is not run because the rendering has failed already."""


def failure(file: str, what: str, how: str, line: int | None = None) -> ConfigurationError:
    """Return the error of a template that another language renders."""
    return ConfigurationError([Problem(what, how, file=file, line=line)])
