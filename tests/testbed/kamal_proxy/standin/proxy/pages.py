"""Error pages: the user's, from a folder, and our own."""

from __future__ import annotations

from pathlib import Path

from standin.http.exchange import Exchange
from standin.http.headers import Headers
from standin.http.statuses import words
from standin.log import Log
from standin.proxy.errors import NO_ERROR_PAGES, PageError, PlainError, RefusedError
from standin.proxy.template import Template, TemplateError

_TITLES = {
    404: "Not Found",
    413: "Content Too Large",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Timeout",
}
_OUR_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{status} — {title}</title>
</head>
<body>
<h1>{status} {title}</h1>
{{{{ if .Message }}}}<p>{{{{ .Message }}}}</p>
{{{{ end }}}}<p>This page was made by a stand-in for kamal-proxy.</p>
</body>
</html>
"""
_HTML = Headers([("Content-Type", "text/html; charset=utf-8")])
_TEXT = Headers(
    [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
)


class Pages:
    """Templates by status."""

    def __init__(self, templates: dict[str, Template]) -> None:
        self._templates = templates

    @classmethod
    def ours(cls) -> Pages:
        """The pages for whoever brings none."""
        return cls(
            {
                f"{status}.html": Template(_OUR_PAGE.format(status=status, title=title))
                for status, title in _TITLES.items()
            }
        )

    @classmethod
    def load(cls, service: str, folder: str, log: Log) -> Pages:
        """Every ``*.html`` of the folder, or RefusedError."""
        try:
            files = sorted(Path(folder).glob("*.html"))
            if not files:
                raise TemplateError("template: pattern matches no files: `*.html`")
            return cls({file.name: _read(file) for file in files})
        except (OSError, ValueError, TemplateError) as error:
            log.error("Failed to parse error page templates", error=str(error))
            log.error(
                "Unable to parse custom error pages",
                service=service,
                path=folder,
                error=NO_ERROR_PAGES,
            )
            raise RefusedError(NO_ERROR_PAGES) from error

    def page(self, error: PageError) -> str | None:
        """The page for this error, if there is one."""
        template = self._templates.get(f"{error.status}.html")
        return template.render(error.message) if template else None


async def show(exchange: Exchange, error: PageError, page: str | None, *, piecewise: bool) -> None:
    """Answer with the page, or with a bare heading."""
    text = page if page is not None else f"<h1>{error.status} {words(error.status)}</h1>"
    exchange.response.begin(error.status, _HTML)
    await exchange.response.write(text.encode())
    if piecewise:
        await exchange.response.flush()


async def say(exchange: Exchange, error: PlainError) -> None:
    """Answer with one line of text."""
    exchange.response.headers.remove("Content-Length", "Content-Encoding")
    exchange.response.begin(error.status, _TEXT)
    await exchange.response.write(f"{error.text}\n".encode())


def _read(file: Path) -> Template:
    try:
        return Template(file.read_text("utf-8"))
    except TemplateError as error:
        raise TemplateError(f"template: {file.name}: {error}") from error
