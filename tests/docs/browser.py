"""
Open every page of the built site in Chromium: ``python tests/docs/browser.py build/site``.

On a phone's width and a desktop's, no page scrolls sideways, every link has a target, nothing is
fetched from elsewhere, and the search finds a key. Without Chromium it says so, and succeeds.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

WIDTHS = (390, 1280)
TERM = "app_port"
LINKS = "[...document.links].map(a => a.href)"
ANCHORS = "[...document.querySelectorAll('[id]')].map(e => e.id)"
WIDTH = "document.documentElement.scrollWidth"


def main() -> int:
    """Check the site in the folder that is given, and print what is wrong."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("SKIPPED: no chromium here (apt install chromium); the site was only built")
        return 0
    folder = Path(sys.argv[1])
    pages = [str(each.parent.relative_to(folder)) for each in folder.rglob("index.html")]
    with _served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        wrong = [*_pages(browser, address, sorted(pages)), *_search(browser, address)]
    print("\n".join([*wrong, f"{len(pages)} pages, {len(wrong)} problems"]))
    return int(bool(wrong))


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def _pages(browser: Browser, address: str, names: list[str]) -> Iterator[str]:
    links: dict[str, set[str]] = {}
    anchors: dict[str, set[str]] = {}
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 844})
        problems: list[str] = []
        _watch(page, address, problems)
        for name in names:
            page.goto(f"{address}{'' if name == '.' else f'{name}/'}")
            links[page.url], anchors[page.url] = (
                set(page.evaluate(LINKS)),
                {*page.evaluate(ANCHORS)},
            )
            if (needed := page.evaluate(WIDTH)) > width:
                problems.append(f"{page.url}: is {needed} px wide on a screen of {width} px")
        yield from problems
        page.close()
    for url, targets in links.items():
        for target in (each for each in targets if each.startswith(address)):
            there, _, anchor = target.partition("#")
            if anchor and anchor not in anchors.get(there, ()):
                yield f"{url}: {target} has no target"
            elif there not in anchors and not Path(sys.argv[1], there[len(address) :]).exists():
                yield f"{url}: {target} does not exist"


def _watch(page: Page, address: str, problems: list[str]) -> None:
    """Note requests to other sites, those that fail, and errors of scripts."""

    def request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            problems.append(f"{page.url}: fetches {request.url}")

    def response(response: Response) -> None:
        if response.status >= 400:
            problems.append(f"{page.url}: {response.url} has status {response.status}")

    page.on("request", request)
    page.on("response", response)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))


def _search(browser: Browser, address: str) -> Iterator[str]:
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto(address)
        page.keyboard.press("/")
        page.keyboard.type(TERM)
        found = page.locator(".md-search-result__link")
        found.first.wait_for(timeout=20_000)
        if TERM not in " ".join(found.all_inner_texts()):
            yield f"search for {TERM} finds something else at {width} px"
        found.first.click()
        page.wait_for_url("**/configuration/**")
        page.close()


if __name__ == "__main__":
    sys.exit(main())
