"""
Equality of secrets without their values: a digest keyed anew in every run.

A host hashes what it has, this machine hashes what should be there. The key travels on standard
input and is never printed, so that a digest in a log reveals nothing, not even a short password.
"""

from __future__ import annotations

import hashlib
import json
import re


def digest(key: str, content: bytes) -> str:
    """Hash content as the host does: ``{ printf %s KEY; cat FILE; } | sha256sum``."""
    return hashlib.sha256(key.encode() + content).hexdigest()


def env_digests(key: str, name: str, value: str) -> frozenset[str]:
    """Every digest that ``NAME=value`` can have as an entry of ``docker inspect``'s Env."""
    entry = f"{name}={value}"
    return frozenset(digest(key, text.encode()) for text in (_go_json(entry), _old_go_json(entry)))


def _go_json(text: str) -> str:
    """Write a string as Go does without HTML escapes, which is how docker's templates do it."""
    encoded = json.dumps(text, ensure_ascii=False)
    return encoded.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _old_go_json(text: str) -> str:
    """Write it as Go did before 1.22, which knew no short form of these two."""
    long_form = {"b": "\\u0008", "f": "\\u000c"}
    return re.sub(r"\\(.)", lambda found: long_form.get(found[1], found[0]), _go_json(text))
