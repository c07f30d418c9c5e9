"""What holds for all tests in pytest's own process."""

from __future__ import annotations

from gevent import monkey

# Programs of kamalpy that talk to servers are gevent's from their first import on. The threads of
# pytest-xdist, which may import them for a test, are not: they would never hear of each other again.
monkey.patch_all = lambda: True
