"""Lines of the audit log."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands.audit import Event, log_file
from kamalpy.spec.audit import Audit

LOG = ".kamal/blog-audit.log"
TIME = re.compile(r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\]")


@pytest.mark.parametrize(
    ("destination", "expected"),
    [(None, ".kamal/blog-audit.log"), ("staging", ".kamal/blog-staging-audit.log")],
)
def test_name_of_the_log(destination: str | None, expected: str) -> None:
    assert log_file("blog", destination) == expected


@pytest.mark.parametrize(
    ("audit", "event"),
    [
        (None, Event("")),
        (Audit("blog", "ann"), Event("Booted", LOG, "ann", None, "web")),
        (Audit("blog", "ann", text="Started"), Event("Started", LOG, "ann", None, "web")),
        (Audit("blog", "ann", text=""), Event("", "", "ann", None, "web")),
        (
            Audit("blog", "ann", "staging"),
            Event("Booted", ".kamal/blog-staging-audit.log", "ann", "staging", "web"),
        ),
    ],
)
def test_audit_argument_of_an_operation(audit: Audit | None, event: Event) -> None:
    assert Event.from_audit(audit, "Booted", "web") == event


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event("Booted"), ["log=", "tags=", "event=Booted"]),
        (Event("Booted", LOG, "ann"), [f"log={LOG}", "tags=[ann]", "event=Booted"]),
        (
            Event("two\nlines  and\ttabs", LOG, "ann lee", "staging", "web"),
            [f"log={LOG}", "tags=[ann lee] [staging] [web]", "event=two lines and tabs"],
        ),
    ],
)
def test_words(sh: Any, event: Event, words: list[str]) -> None:
    assert sh.words(event.record()) == ["record", *words]


def test_appends_lines_as_kamal_writes_them(host: Any) -> None:
    """lib/kamal/commands/auditor.rb: time, performer, destination, role, then the text."""
    for text in ("Booted app version v1", "Pruned images"):
        assert host.run(Event(text, LOG, "ann", None, "web").record()) == (0, "", "")

    assert TIME.sub("[TIME]", host.files()[LOG]) == (
        "[TIME] [ann] [web] Booted app version v1\n[TIME] [ann] [web] Pruned images\n"
    )


def test_without_a_log_there_is_no_line(host: Any) -> None:
    assert host.run(Event("Booted", performer="ann").record()) == (0, "", "")
    assert host.names() == []


@settings(max_examples=30)
@given(data=st.data())
def test_whatever_is_said_is_one_line(
    sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject, tmp_path_factory: Any
) -> None:
    host = type(sh)(tmp_path_factory.mktemp("home"), sh.path)
    text, performer = data.draw(nasty), data.draw(nasty)

    assert host.run(Event(text, LOG, performer).record()) == (0, "", "")

    tag = f"[{performer}]" if performer else ""
    line = f"{' '.join(tag.split())} {' '.join(text.split())}\n"
    assert TIME.sub("", host.files()[LOG], count=1) == f" {line}"
    assert host.names() == [".kamal"]
