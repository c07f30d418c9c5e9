"""What a release was, written down and read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.errors import DeployError
from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.record import Record
from kamalpy.spec.route import Route

RECORDS = Path(__file__).parent / "records"
SCHEMA_2 = (RECORDS / "schema_2.json").read_text().rstrip("\n")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SPECS = st.builds(
    ContainerSpec,
    name=TEXT,
    image=TEXT,
    command=st.lists(TEXT).map(tuple),
    env=st.dictionaries(TEXT, TEXT),
    secrets=st.dictionaries(TEXT, TEXT).map(
        lambda known: {name: Secret.of(name, value) for name, value in known.items()}
    ),
    volumes=st.lists(TEXT).map(tuple),
    labels=st.dictionaries(TEXT, TEXT),
    options=st.dictionaries(TEXT, st.one_of(TEXT, st.booleans(), st.integers())),
)


@given(SPECS, st.one_of(st.none(), st.builds(Route, service=TEXT, hosts=st.tuples(TEXT))))
def test_comes_back_as_it_was(spec: ContainerSpec, route: Route | None) -> None:
    record = Record.new(spec, route=route, probe=route, timeout=31, stop=45, asset_path="/a")

    text = record.text()

    assert "\n" not in text
    assert Record.from_text(text) == record


def test_knows_secrets_by_name_only() -> None:
    secrets = {"KEY": Secret.of("KEY", "hunter2"), "PEM": Secret.of("PEM", "hunter2\nhunter3")}
    record = Record.new(ContainerSpec(name="blog-web-v1", image="blog", secrets=secrets))

    assert "hunter" not in record.text()
    assert record.secrets == {"KEY": False, "PEM": True}


def test_the_container_takes_its_secrets_from_the_files_next_to_the_record() -> None:
    secrets = {"KEY": Secret.of("KEY", "x"), "PEM": Secret.of("PEM", "x\ny")}
    record = Record.new(
        ContainerSpec(name="blog-web-v1", image="blog", secrets=secrets, env_file="today.env")
    )

    spec = record.spec(".kamal/apps/blog/releases/web/v1/env")

    assert (spec.env_file, spec.multiline_file) == (
        ".kamal/apps/blog/releases/web/v1/env",
        ".kamal/apps/blog/releases/web/v1/env.odd",
    )
    assert list(spec.secrets) == ["KEY", "PEM"]


def test_error_pages_are_those_of_today() -> None:
    record = Record(
        container=ContainerSpec(name="a", image="b"), route=Route(service="a", error_pages="old")
    )

    assert record.route_with("new") == Route(service="a", error_pages="new")
    assert Record(container=record.container).route_with("new") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"form": 3}', '{"schema": 3}', '{"form": 1, "container": {"x": 1}}']
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(DeployError, match="deploy that version instead"):
        Record.from_text(text)


def test_what_is_stored_does_not_change() -> None:
    """The names in it are a contract with the servers; fields may be renamed, they may not."""
    assert Record.from_text(SCHEMA_2).text() == SCHEMA_2


def test_records_of_former_schemas_can_be_read() -> None:
    assert Record.from_text((RECORDS / "schema_1.json").read_text()) == Record.from_text(SCHEMA_2)
