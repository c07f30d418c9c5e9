"""
The command ``kamalpy``: Kamal's words and flags.

Nothing here imports pyinfra before a command needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

from kamalpy.cli.main import main

__all__ = ["main"]
