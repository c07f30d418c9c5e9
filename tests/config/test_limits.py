"""Large files, and files that are no files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Configuration, load
from kamalpy.config.document.emit import emit
from kamalpy.errors import KamalpyError

Deploy = Callable[..., Configuration]


def seconds(action: Callable[[], object]) -> float:
    """Measure the time of this process alone: others may keep the machine busy."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def test_ten_thousand_lines_take_less_than_a_second(deploy: Deploy) -> None:
    clear = "".join(f"    KEY_{number}: value {number}\n" for number in range(6_000))
    secret = "".join(f"    - SECRET_{number}\n" for number in range(2_000))
    accessories = "".join(
        f"  db{number}:\n    image: i\n    host: h{number}\n    port: {number + 1}\n"
        for number in range(500)
    )
    text = f"env:\n  clear:\n{clear}  secret:\n{secret}accessories:\n{accessories}"
    assert text.count("\n") > 10_000

    assert min(seconds(lambda: deploy(text)) for _ in range(3)) < 1
    assert len(deploy(text).env.clear) == 6_000


def test_ten_thousand_mistakes_do_not_take_long_either(deploy: Deploy) -> None:
    text = "".join(f"unknown_{number}: a\n" for number in range(10_000))

    def read() -> None:
        with pytest.raises(KamalpyError) as caught:
            deploy(text)
        assert str(caught.value).count("\n") == 9_999

    assert seconds(read) < 5


KNOWN = (
    *("service", "image", "servers", "registry", "proxy", "env", "accessories", "builder", "ssh"),
    *("web", "hosts", "host", "clear", "secret", "tags", "ssl", "run", "options", "labels", "arch"),
    *("x-kamalpy", "x-a", "<<", "", "80", "username", "password", "db", "files", "role"),
)
KEYS = st.sampled_from(KNOWN) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=6),
    max_leaves=30,
)


def try_to_load(folder: Path, text: str) -> None:
    (folder / "deploy.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(KamalpyError):
        load("deploy.yml", root=folder, environ={}, version="v1")


@given(st.dictionaries(KEYS, VALUES, max_size=10))
def test_any_tree_is_read_or_refused(tmp_path: Path, value: Any) -> None:
    try_to_load(tmp_path, emit(value))


YAML = st.lists(
    st.sampled_from(["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&x ", "*x", "<<: *x", "'"])
    | st.sampled_from(['"', "|\n", "? ", "!", "%", "\t", "---\n", "...", "#", ",", "service: "])
    | st.text(max_size=3),
    max_size=40,
).map("".join)


@given(YAML)
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    try_to_load(tmp_path, text)
