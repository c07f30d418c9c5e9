"""Where commands look: roles, accessories and proxies, on the hosts in play, in their order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kamalpy.cli.engine import Engine
from kamalpy.cli.output import printer
from kamalpy.cli.queries import lists, locations, logs
from kamalpy.cli.queries.fleet import hosts_of
from kamalpy.cli.queries.logs import LogOptions, Source, show
from kamalpy.cli.settings import Settings
from kamalpy.commands.execution import Where
from kamalpy.errors import DeployError

DEPLOY = """\
service: blog
image: acme/blog
servers:
  jobs: [192.0.2.9, 192.0.2.1]
  web: [192.0.2.1, 192.0.2.2]
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
accessories:
  db: {image: postgres, host: 192.0.2.9}
  search: {image: solr, roles: [web]}
"""
WEB, OTHER, JOBS = "192.0.2.1", "192.0.2.2", "192.0.2.9"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make an engine for settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(DEPLOY)

    def make(**options: Any) -> Engine:
        settings = Settings(**options)
        return Engine(settings, printer(settings))

    return make


APP = [
    ({}, [("web", WEB), ("web", OTHER), ("jobs", JOBS), ("jobs", WEB)]),
    ({"roles": "jobs"}, [("jobs", JOBS), ("jobs", WEB)]),
    ({"hosts": WEB}, [("web", WEB), ("jobs", WEB)]),
    ({"hosts": f"{JOBS},{OTHER}"}, [("web", OTHER), ("jobs", JOBS)]),
    ({"primary": True}, [("web", WEB), ("jobs", WEB)]),
    ({"primary": True, "roles": "jobs"}, [("jobs", JOBS)]),
    ({"hosts": OTHER, "roles": "web"}, [("web", OTHER)]),
]


@pytest.mark.parametrize(("options", "expected"), APP)
def test_roles_on_their_hosts(options: Any, expected: Any, engine: Any) -> None:
    found = locations.app_locations(engine(**options))
    assert sorted((each.name, each.host) for each in found) == sorted(expected)
    assert [each.name for each in found] == [name for name, _ in expected]


def test_primary_hosts_come_first(engine: Any) -> None:
    assert list(engine().hosts) == [WEB, OTHER, JOBS]
    assert list(engine(hosts=f"{JOBS},{OTHER}").hosts) == [OTHER, JOBS]


def test_headings_name_the_role_where_there_are_several(engine: Any) -> None:
    assert [each.heading for each in lists.version(engine())] == [
        f"App Host: {WEB}, role web",
        f"App Host: {WEB}, role jobs",
        f"App Host: {OTHER}",
        f"App Host: {JOBS}",
    ]


def test_everything(engine: Any) -> None:
    asks = lists.everything(engine())
    assert [each.heading for each in asks if not each.heading.startswith("App")] == [
        f"Proxy Host: {WEB}",
        f"Proxy Host: {OTHER}",
        f"Accessory db Host: {JOBS}",
        f"Accessory search Host: {WEB}",
        f"Accessory search Host: {OTHER}",
    ]
    assert hosts_of(engine(), asks) == [WEB, OTHER, JOBS]


def test_containers_of_a_version_or_what_serves(engine: Any) -> None:
    (serves,) = locations.app_locations(engine(hosts=OTHER))
    (selection,) = locations.app_locations(engine(hosts=OTHER), "v7")
    assert (serves.where.container, serves.where.image) == ("", "")
    labels = {"service": "blog", "role": "web", "destination": ""}
    assert labels.items() <= serves.where.words.items()
    assert (selection.where.container, selection.where.image) == ("blog-web-v7", "acme/blog:v7")


def test_an_accessory_that_is_not_there(engine: Any) -> None:
    with pytest.raises(
        DeployError, match=r"^mysql: no accessory of .*deploy.yml; it has db, search$"
    ):
        locations.accessory_locations(engine(), "mysql")


def test_log_sources(engine: Any) -> None:
    assert [(each.host, each.where.container) for each in logs.proxy_sources(engine())] == [
        (WEB, "kamal-proxy"),
        (OTHER, "kamal-proxy"),
    ]
    assert [each.host for each in logs.app_sources(engine(), "0123")] == [WEB, OTHER, JOBS]
    assert [each.where.container for each in logs.accessory_sources(engine(), "all")] == [
        "blog-db",
        "blog-search",
        "blog-search",
    ]


TAILS = [
    (LogOptions(), 100),
    (LogOptions(follow=True), 10),
    (LogOptions(since="1m"), None),
    (LogOptions(grep="x"), None),
    (LogOptions(grep="x", lines=5), 5),
    (LogOptions(lines=0, follow=True), 0),
]


@pytest.mark.parametrize(("selection", "tail"), TAILS)
def test_the_number_of_lines_is_that_of_kamal(selection: LogOptions, tail: int | None) -> None:
    assert selection.tail == tail


def test_more_logs_of_a_host_than_its_ssh_server_allows(engine: Any) -> None:
    source = Source(WEB, Where("blog-db", container="blog-db"), "db")
    with pytest.raises(DeployError, match=r"^192\.0\.2\.1: 9 logs at the same time are more than"):
        show(engine(), LogOptions(), [source] * 9)
