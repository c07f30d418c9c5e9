"""Values that break the URL they are part of, such as a password with ``@`` or ``#``."""

from __future__ import annotations

import re
from contextlib import suppress

from kamalpy.errors import SecretError

from .secrets import Secrets

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
SPECIAL = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=-]")
"""What a password in a URL may not hold without percent-encoding."""
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


def breaking_values(secrets: Secrets) -> dict[str, str]:
    """Map the names of URLs to the names of the values in them that break them."""
    found: dict[str, str] = {}
    for name in secrets.names():
        for part in secrets.needs(name):
            with suppress(SecretError):
                if _breaks(secrets.value(name), secrets.value(part)):
                    found[name] = part
    return found


def _breaks(url: str, value: str) -> bool:
    """Tell whether a value is the login of a URL, and has characters to encode."""
    scheme = SCHEME.match(url)
    at = url.find(value, scheme.end()) if scheme and value else -1
    is_login = at >= 0 and "@" in url[at + len(value) :]
    return is_login and SPECIAL.search(ENCODED.sub("", value)) is not None
