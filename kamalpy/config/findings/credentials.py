"""Secrets that are written where everybody reads them, or where nothing replaces them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.document.nodes import Path, Scalar
from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault
from kamalpy.config.problems import Locator, locate_node

VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|(API|PRIVATE|ACCESS|MASTER)_?KEY$", re.I)


def passwords(locator: Locator) -> Iterator[Fault]:
    """Find a registry's password that is written into the file itself, and not by a template."""
    draft = Draft(locator.document.plain())
    places: list[Path] = [("registry", "password")]
    places += [("accessories", name, "registry", "password") for name, _ in draft.accessories()]
    for path in places:
        found, place, node = locate_node(locator.document, path)
        is_text = isinstance(node, Scalar) and isinstance(node.value, str) and node.value
        if found == path and is_text and not locator.tags.has_tag(place.file, place.line):
            how = "put it into .kamal/secrets, and its name here: [KAMAL_REGISTRY_PASSWORD]"
            yield Fault("is in the file in plain text", how, path)


def variables(draft: Draft) -> Iterator[Fault]:
    """Find names that are clear and secret at once, and clear values that name a secret."""
    for path, raw in draft.sections("env"):
        clear, secret = as_dict(raw.get("clear")), as_list(raw.get("secret"))
        secrets = {str(each).partition(":")[0] for each in secret}
        secret_names = {str(each).rpartition(":")[2] for each in secret} | secrets
        for name, value in clear.items():
            if name in secrets:
                what, how = "is both clear and secret, and the secret wins", "remove one of the two"
                yield Fault(what, how, (*path, "clear", name), other=(*path, "secret"))
            used = next(
                (each for each in VARIABLE.findall(str(value)) if each in secret_names), None
            )
            if used is not None:
                how = f"build the value in .kamal/secrets, and list {name} under secret"
                what = f"names the secret {used}, which is not put into clear values"
                yield Fault(what, how, (*path, "clear", name), fails=True)
