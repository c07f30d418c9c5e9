"""`-h` and `-r`: what a list of names and patterns chooses; the real Kamal is asked elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.cli.engine import Engine
from kamalpy.cli.filters import matches_glob, select_names, split_list
from kamalpy.cli.output import Outputs
from kamalpy.cli.settings import Settings
from kamalpy.errors import DeployError

HOSTS = ["web-1.test", "web-2.test", "job-1.test", "db.test"]
names = st.text(st.characters(codec="utf-8"), min_size=1)


def escaped(name: str) -> str:
    return "".join(f"\\{letter}" for letter in name)


@given(names)
def test_a_name_matches_itself(name: str) -> None:
    assert matches_glob(escaped(name), name)
    assert not matches_glob(escaped(name), f"{name}x")


@given(names)
def test_a_star_matches_all_but_a_dot_in_front(name: str) -> None:
    assert matches_glob("*", name) is not name.startswith(".")
    assert matches_glob("?*", name) is not name.startswith(".")


@given(st.lists(names, min_size=1, max_size=4), st.integers(0, 3), names)
def test_braces_match_one_of_several(several: list[str], number: int, ending: str) -> None:
    pattern = f"{{{','.join(map(escaped, several))}}}{escaped(ending)}"

    assert matches_glob(pattern, several[number % len(several)] + ending)


@given(st.text("[]{}!^-\\*?,.ab"), st.text("[]{}!^-\\,.ab"))
def test_any_pattern_has_an_answer(pattern: str, name: str) -> None:
    assert matches_glob(pattern, name) in (True, False)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a,b", ["a", "b"]),
        (" a , b ,, ", ["a", "b"]),
        ("web-{1,2}.test,db", ["web-{1,2}.test", "db"]),
        ("{a,{b,c}},d", ["{a,{b,c}}", "d"]),
        ("a},b", ["a}", "b"]),
        (",", []),
    ],
)
def test_commas(text: str, items: list[str]) -> None:
    assert split_list(text) == items


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (None, []),
        ("db.test,web-*", ["db.test", "web-1.test", "web-2.test"]),
        ("web-*,web-1.test", ["web-1.test", "web-2.test"]),
        ("*-1.test", ["web-1.test", "job-1.test"]),
        ("{job,web}-1.test", ["web-1.test", "job-1.test"]),
        ("web-[!1].test", ["web-2.test"]),
    ],
)
def test_the_order_is_that_of_the_list(patterns: str | None, chosen: list[str]) -> None:
    assert select_names(patterns, HOSTS, "host") == chosen


@pytest.mark.parametrize("patterns", ["web-1.test,wbe-2.test", "wbe-2.test", "WEB-1.test", "web"])
def test_what_matches_nothing_is_named(patterns: str) -> None:
    with pytest.raises(DeployError) as refused:
        select_names(patterns, HOSTS, "host")

    all_names = "web-1.test, web-2.test, job-1.test, db.test"
    wrong = patterns.rpartition(",")[2]
    assert str(refused.value) == f"--hosts {wrong}: matches no host; deploy.yml has {all_names}"


CONFIG = """
service: blog
image: acme/blog
registry: {username: u, password: [P]}
builder: {arch: amd64}
servers:
  web: [web-1.test, web-2.test]
  job: [job-1.test, web-2.test]
accessories: {db: {image: postgres, host: db.test}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("selection", "hosts"),
    [
        ({}, ["web-2.test", "web-1.test", "job-1.test", "db.test"]),
        ({"roles": "job"}, ["web-2.test", "job-1.test"]),
        ({"hosts": "web-*,db.test", "roles": "job"}, ["web-2.test"]),
        ({"primary": True}, ["web-1.test"]),
        ({"primary": True, "roles": "job,web"}, ["job-1.test"]),
        ({"primary": True, "hosts": "db.test"}, ["web-1.test"]),
    ],
)
def test_hosts_in_play(selection: dict[str, object], hosts: list[str]) -> None:
    assert Engine(Settings(**selection), Outputs()).hosts == hosts  # type: ignore[arg-type]


@pytest.mark.usefixtures("project")
def test_hosts_and_roles_with_nothing_in_common() -> None:
    with pytest.raises(DeployError) as refused:
        _ = Engine(Settings(hosts="db.test", roles="web"), Outputs()).hosts

    message = "--hosts db.test and --roles web: no host is in both; leave one out"
    assert str(refused.value) == message
