"""Docker's notations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.spec import values


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("512", 512),
        (512, 512),
        ("512b", 512),
        ("1k", 1024),
        ("1K", 1024),
        ("1kb", 1024),
        ("1KiB", 1024),
        ("2m", 2 * 1024**2),
        ("1.5g", 3 * 2**29),
        ("1 g", 2**30),
        ("1t", 2**40),
        ("1p", 2**50),
        (" 1g ", 2**30),
        ("-1", "-1"),
        ("much", "much"),
        ("", ""),
    ],
)
def test_size(written: object, expected: object) -> None:
    assert values.size(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1s", 10**9),
        ("1m30s", 90 * 10**9),
        ("1h1m1s1ms1us1ns", 3661001001001),
        ("1µs", 1000),
        ("1.5s", 1500000000),
        ("30", "30"),
        ("s", "s"),
        ("1s!", "1s!"),
        ("", ""),
    ],
)
def test_duration(written: object, expected: object) -> None:
    assert values.duration(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [(1, 10**9), ("1.5", 1500000000), (0.1, 10**8), ("all", "all"), (None, None)],
)
def test_nano_cpus(written: object, expected: object) -> None:
    assert values.nano_cpus(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"), [("7", 7), (7, 7), ("-1", -1), ("x", "x"), ("", "")]
)
def test_number(written: object, expected: object) -> None:
    assert values.number(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (True, True),
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("false", False),
        (0, False),
        ("maybe", "maybe"),
    ],
)
def test_truth(written: object, expected: object) -> None:
    assert values.truth(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [(None, []), ("", []), ("a b", ["a b"]), (["a", 1], ["a", "1"]), (("a",), ["a"]), (0, ["0"])],
)
def test_words(written: object, expected: list[str]) -> None:
    assert values.words(written) == expected


def test_pairs() -> None:
    assert values.pairs(["A=1", "B=", "C=a=b"]) == {"A": "1", "B": "", "C": "a=b"}
    assert values.pairs("A=1") == {"A": "1"}
    assert values.pairs(None) == {}


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("80", {"::80/tcp"}),
        ("8080:80", {":8080:80/tcp"}),
        ("8080:80/udp", {":8080:80/udp"}),
        ("127.0.0.1:8080:80", {"127.0.0.1:8080:80/tcp"}),
        ("127.0.0.1::80", {"127.0.0.1::80/tcp"}),
        ("[::1]:8080:80", {"::1:8080:80/tcp"}),
        ("0.0.0.0:8080:80", {":8080:80/tcp"}),
        ("8080-8081:80-81", {":8080:80/tcp", ":8081:81/tcp"}),
        ("80-81", {"::80/tcp", "::81/tcp"}),
        ("8080-8090:80", {":8080-8090:80/tcp"}),
        ("x-y:80", {":x-y:80/tcp"}),
    ],
)
def test_port_bindings(published: str, expected: set[str]) -> None:
    assert values.port_bindings((published,)) == expected


@given(st.text())
def test_any_port_is_something(published: str) -> None:
    assert values.port_bindings((published,))


@pytest.mark.parametrize(
    ("bindings", "expected"),
    [
        (None, set()),
        ({}, set()),
        ({"80/tcp": None}, {"::80/tcp"}),
        ({"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}, {":8080:80/tcp"}),
        (
            {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "1"}, {"HostIp": "::", "HostPort": "1"}]},
            {":1:80/tcp", ":::1:80/tcp"},
        ),
    ],
)
def test_bound_ports(bindings: object, expected: set[str]) -> None:
    assert values.bound_ports(bindings) == expected
