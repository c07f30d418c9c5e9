"""Follows redirects, to find those that go round in circles."""

from __future__ import annotations

import ssl
from contextlib import suppress
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

SECONDS = 5


def follow(url: str) -> list[str]:
    """List a page and those that it redirects to; the last one is listed twice in a circle."""
    context = ssl.create_default_context()  # a refused certificate is reported elsewhere
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    redirects = _Redirects(url)
    opener = build_opener(redirects, HTTPSHandler(context=context))
    with suppress(OSError, HTTPException, ValueError):  # the last page need not answer
        try:
            opener.open(url, timeout=SECONDS).close()
        except HTTPError as error:
            error.close()
    return redirects.urls


class _Redirects(HTTPRedirectHandler):
    """Collects the pages on the way; a circle is not followed again."""

    def __init__(self, url: str) -> None:
        self.urls = [url]

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        is_known = newurl in self.urls
        self.urls.append(newurl)
        return None if is_known else super().redirect_request(req, fp, code, msg, headers, newurl)
