"""What holds for all tests in pytest's own process."""

from __future__ import annotations

from gevent import monkey

# Whatever talks to servers makes its process gevent's as soon as it is imported. Where a test does
# that, the threads of pytest-xdist would never hear of each other again.
monkey.patch_all = lambda: True
