"""pyinfra finds the hosts of a deploy.yml by its own command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Pyinfra = Callable[..., tuple[int, str]]
NAMES = ["h1.test", "h2.test", "h3.test", "h4.test"]


@pytest.mark.parametrize("inventory", ["@kamal", "@kamal/config/deploy.yml", "inventory.py"])
def test_hosts_and_groups(write: Write, pyinfra: Pyinfra, inventory: str) -> None:
    (write() / "inventory.py").write_text('hosts = ["@kamal/config/deploy.yml"]\n')

    status, text = pyinfra(inventory, "debug-inventory")

    assert status == 0
    assert [f"[{name}]" in text for name in NAMES] == [True] * 4
    for group in ("kamal", "web", "job", "accessory_db", "accessory_search", "proxy", "primary"):
        assert group in text


@pytest.mark.parametrize("inventory", ["@kamal", "python.py"])
def test_no_secret_is_in_the_data(write: Write, pyinfra: Pyinfra, inventory: str) -> None:
    (write() / "python.py").write_text(
        "from kamalpy.inventory import kamal\n\nglobals().update(kamal())\n"
    )

    status, text = pyinfra(inventory, "debug-inventory", "--debug")

    assert (status, "hunter" in text) == (0, False)
    assert "h4.test" in text


def test_a_destination_next_to_another_one(write: Write, pyinfra: Pyinfra) -> None:
    write()
    write("config/deploy.staging.yml", servers=["s1.test"])

    status, text = pyinfra("@kamal/staging", "debug-inventory")

    assert (status, "s1.test" in text, "h1.test" in text) == (0, True, False)


@pytest.mark.parametrize(
    ("inventory", "said"),
    [
        ("@kamal/none.yml", "none.yml"),
        ("@kamal/nowhere", "config/deploy.nowhere.yml"),
        ("@kamal/?dest=staging", "@kamal does not know dest; write ?destination=NAME"),
    ],
)
def test_what_is_not_there(write: Write, pyinfra: Pyinfra, inventory: str, said: str) -> None:
    write()

    status, text = pyinfra(inventory, "debug-inventory")

    assert status == 1
    assert said in text
    assert "Traceback" not in text


def test_every_mistake_is_reported_once(write: Write, pyinfra: Pyinfra) -> None:
    write(service=7, retain_container=3)

    status, text = pyinfra("@kamal", "debug-inventory")

    assert status == 1
    assert text.count("retain_container: unknown key; did you mean retain_containers?") == 1
    assert text.count("service: should be a string") == 1
    assert "Traceback" not in text
