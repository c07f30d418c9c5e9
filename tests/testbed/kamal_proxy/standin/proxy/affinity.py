"""A cookie that keeps a visitor on the writing targets for a moment after a write."""

from __future__ import annotations

import time
from email.utils import formatdate

from standin.http.headers import Headers
from standin.http.request import Request

COOKIE = "kamal-writer"
OPT_OUT = "X-Writer-Affinity"


def is_held(request: Request) -> bool:
    """Whether the visitor wrote a moment ago."""
    expires = request.cookie(COOKIE)
    return expires.isascii() and expires.isdigit() and time.time() * 1000 < int(expires)


def hold(headers: Headers, timeout: float) -> None:
    """Give the cookie out, unless the target says that nothing was written."""
    if headers.get(OPT_OUT) != "false":
        expires = time.time() + timeout
        headers.add(
            "Set-Cookie",
            f"{COOKIE}={int(expires * 1000)}; Path=/;"
            f" Expires={formatdate(expires + 1, usegmt=True)}; HttpOnly",
        )
    headers.remove(OPT_OUT)
