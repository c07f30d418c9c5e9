"""What stops a template, before it becomes a ``ConfigurationError`` with file and line."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - the user sees a ConfigurationError
    """Something a template cannot go on after; ``offset`` is its place in the program."""

    def __init__(self, what: str, how: str = "", offset: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.how = how
        self.offset = offset


class RubyError(Trouble):
    """An error that Ruby raises, too; ``message`` is what a template that rescues it reads."""

    def __init__(self, kind: str, what: str, how: str = "", message: str | None = None) -> None:
        super().__init__(what, how)
        self.kind = kind
        self.message = what if message is None else message


class MissingVariable(RubyError):  # noqa: N818 - as above
    """A variable that is not set: others are looked for before the template is given up."""


class Beyond(Trouble):
    """A construct outside of the subset; a real Ruby may know it. ``jinja`` is its other form."""

    def __init__(self, construct: str, jinja: str = "", offset: int | None = None) -> None:
        super().__init__(f"{construct} is not rendered without Ruby", offset=offset)
        self.jinja = jinja


class Unexpected(Beyond):
    """Something that does not belong where it stands, as far as we can read Ruby."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__("", offset=offset)
        self.what = what


class Exceeded(Trouble):
    """A template that would take too long, grow too large or nest too deep."""


class Forbidden(Trouble):
    """Something that needs the user's permission first."""


class Stopped(Trouble):
    """Nothing more may run, since earlier problems wait to be told."""
