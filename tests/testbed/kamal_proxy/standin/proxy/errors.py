"""What goes wrong: for the visitor a page, for the command line a message."""

from __future__ import annotations


class PageError(Exception):
    """The visitor is to see the error page of this status."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.message = message


class PlainError(Exception):
    """The visitor is to see one line of text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status)
        self.status = status
        self.text = text


class RefusedError(Exception):
    """The command cannot be carried out."""


SERVICE_NOT_FOUND = "service not found"
HOST_IN_USE = "host settings conflict with another service"
NO_ROLLOUT_TARGET = "rollout target not set"
NO_ERROR_PAGES = "unable to load error pages"
NO_CERTIFICATE = "unable to load certificate"
NO_WILDCARDS = "automatic TLS does not support wildcards"
