"""Password managers: one module for each, found by the name after ``--adapter``."""

from __future__ import annotations

from .base import Adapter
from .lookup import adapter_names, lookup

__all__ = ["Adapter", "adapter_names", "lookup"]
