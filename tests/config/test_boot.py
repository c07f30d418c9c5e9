"""``boot``: the size of a group of hosts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Boot, Configuration

Deploy = Callable[..., Configuration]

LIMITS = [
    ("{}", 4, None),
    ("{limit: 3}", 4, 3),
    ('{limit: "3"}', 4, 3),
    ("{limit: 50%}", 4, 2),
    ("{limit: 1%}", 4, 1),
    ("{limit: 12.5%}", 100, 12),
    ("{limit: 100%}", 7, 7),
    ("{limit: 0%}", 7, 1),
    ("{limit: false}", 7, None),
]


@pytest.mark.parametrize(("text", "hosts", "limit"), LIMITS)
def test_limit(deploy: Deploy, text: str, hosts: int, limit: int | None) -> None:
    assert deploy(f"boot: {text}\n").boot.limit_for(hosts) == limit


@given(st.integers(0, 100), st.integers(1, 10_000))
def test_a_share_is_a_group_of_at_least_one(percent: int, hosts: int) -> None:
    limit = Boot(limit=f"{percent}%").limit_for(hosts)
    assert limit is not None
    assert 1 <= limit <= hosts


def test_defaults(deploy: Deploy) -> None:
    boot = deploy().boot
    assert (boot.limit, boot.wait, boot.parallel_roles) == (None, None, None)
