"""Visitors who keep coming."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from kamal_proxy.contract.proxy import Proxy, Reply

PAGES = (["/"], ["/a"], ["/wait/0.8"], ["/b"], ["/wait/0.3"], ["/order", "POST", "x" * 5000])


@contextmanager
def load(proxy: Proxy, host: str, interval: float) -> Iterator[list[Future[Reply]]]:
    """Ask at a constant rate, whether or not answers come; some pages are slow."""
    asked: list[Future[Reply]] = []
    over = threading.Event()
    with ThreadPoolExecutor(50) as visitors:

        def keep_asking() -> None:
            while not over.wait(interval):
                path, *more = PAGES[len(asked) % len(PAGES)]
                asked.append(visitors.submit(proxy.get, host + path, *more))

        asking = threading.Thread(target=keep_asking)
        asking.start()
        try:
            yield asked
        finally:
            over.set()
            asking.join()
