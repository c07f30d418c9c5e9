"""Signatures of images, in the words of cosign."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def verify(command: str, image: str) -> Sequence[str]:
    """Verify an image's signature; ``command`` is ``cosign``, which may have options."""
    program, *options = shlex.split(command)
    return (program, "verify", *(options or ("--key", "cosign.pub")), image)
