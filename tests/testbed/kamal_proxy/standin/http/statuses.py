"""The words that follow a status, as Go has them."""

from __future__ import annotations

from http import HTTPStatus

# Python's own words for these changed from version to version.
_WORDS = {
    413: "Request Entity Too Large",
    414: "Request URI Too Long",
    416: "Requested Range Not Satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
}


def words(status: int) -> str:
    """The reason phrase."""
    if status in _WORDS:
        return _WORDS[status]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status code {status}"
