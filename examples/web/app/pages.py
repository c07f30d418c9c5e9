"""What the app answers."""

import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app import database, faults
from app.version import version


@dataclass(frozen=True)
class Request:
    """A request, as far as pages care."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


Answer = tuple[int, str]


def answer(request: Request) -> Answer:
    """Find the page, and let it answer."""
    page = _PAGES.get((request.method, request.path))
    try:
        return page(request) if page else (404, "not found\n")
    except Exception as problem:  # a page that fails must not take the server with it
        return 500, f"{type(problem).__name__}: {problem}\n"


def _home(request: Request) -> Answer:
    greeting = os.environ.get("GREETING", "hello")
    return (
        200,
        f"{greeting}: guest book {version()} on {socket.gethostname()}; GET or POST /notes\n",
    )


def _up(request: Request) -> Answer:
    return (503, "this version is never healthy\n") if faults.has("unhealthy") else (200, "OK\n")


def _version(request: Request) -> Answer:
    return 200, f"{version()}\n"


def _notes(request: Request) -> Answer:
    return 200, json.dumps(database.notes()) + "\n"


def _add_note(request: Request) -> Answer:
    database.add(request.body)
    return 201, "thank you\n"


def _slow(request: Request) -> Answer:
    time.sleep(int(request.query.get("ms", "1000")) / 1000)
    return _version(request)


def _env(request: Request) -> Answer:
    """Show a variable, which only tests may see."""
    value = os.environ.get(request.query.get("name", ""))
    if not os.environ.get("APP_TEST") or value is None:
        return 404, "not found\n"
    return 200, value


def _headers(request: Request) -> Answer:
    return 200, json.dumps(dict(request.headers)) + "\n"


_PAGES: dict[tuple[str, str], Callable[[Request], Answer]] = {
    ("GET", "/"): _home,
    ("GET", "/up"): _up,
    ("GET", "/version"): _version,
    ("GET", "/notes"): _notes,
    ("POST", "/notes"): _add_note,
    ("GET", "/slow"): _slow,
    ("GET", "/env"): _env,
    ("GET", "/headers"): _headers,
}
