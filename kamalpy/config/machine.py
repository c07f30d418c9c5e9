"""The machine that deploys."""

from __future__ import annotations

import platform

ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def architecture() -> str:
    """Name this machine's architecture as Docker does."""
    machine = platform.machine().lower()
    return ARCHITECTURES.get(machine, machine)
