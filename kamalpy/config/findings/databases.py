"""Databases next to the app: where their data is, and who can reach them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kamalpy.config.accessory_paths import PathSection
from kamalpy.config.document.nodes import Path
from kamalpy.config.document.ruby import to_s
from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault

POSTGRES_WITHOUT_DATA = 18
"""The version from which on the image refuses a mount at ``/var/lib/postgresql/data``."""


@dataclass(frozen=True, slots=True)
class Database:
    """The data folder and the port of a database image."""

    data: str
    port: int


KNOWN: Mapping[str, Database] = {
    "postgres": Database("/var/lib/postgresql/data", 5432),
    "postgis": Database("/var/lib/postgresql/data", 5432),
    "pgvector": Database("/var/lib/postgresql/data", 5432),
    "timescaledb": Database("/var/lib/postgresql/data", 5432),
    "mysql": Database("/var/lib/mysql", 3306),
    "mariadb": Database("/var/lib/mysql", 3306),
    "mongo": Database("/data/db", 27017),
    "redis": Database("/data", 6379),
    "valkey": Database("/data", 6379),
    "rabbitmq": Database("/var/lib/rabbitmq", 5672),
    "elasticsearch": Database("/usr/share/elasticsearch/data", 9200),
    "opensearch": Database("/usr/share/opensearch/data", 9200),
    "clickhouse-server": Database("/var/lib/clickhouse", 8123),
    "meilisearch": Database("/meili_data", 7700),
    "minio": Database("/data", 9000),
}
TARGET = re.compile(r"(?:^[^:=]+:|(?:target|dst|destination)=)([^:,]+)")
"""Where a mount of docker run is in the container."""
OPTIONAL = ("redis", "valkey", "rabbitmq")
"""Those that are used without keeping data, too."""


def databases(draft: Draft) -> Iterator[Fault]:
    """Find data that goes with its container, and databases that are open to the world."""
    for name, raw in draft.accessories():
        path = ("accessories", name)
        base, tag = _image(raw)
        database = KNOWN.get(base)
        if database is None:
            continue
        yield from _data(raw, path, base, database, tag)
        yield from _port(raw, path, database)


def _data(
    raw: Mapping[str, Any], path: Path, base: str, database: Database, tag: str
) -> Iterator[Fault]:
    mounts = dict(_mounts(raw))
    is_latest = tag in ("", "latest", "alpine")
    is_new = base == "postgres" and (is_latest or _major(tag) >= POSTGRES_WITHOUT_DATA)
    folder = "/var/lib/postgresql" if is_new else database.data
    if is_new and database.data in mounts:
        version = f"{POSTGRES_WITHOUT_DATA} (image: {base})" if is_latest else _major(tag)
        how = f"mount {folder} instead{', or name an older version' if is_latest else ''}"
        what = f"is mounted at {database.data}, which {base} {version} refuses"
        yield Fault(what, how, (*path, *mounts[database.data]), fails=not is_latest)
    elif not any(_covers(target, folder) for target in mounts) and base not in OPTIONAL:
        how = f'add "directories: [data:{folder}]", or its data is lost with the container'
        yield Fault(f"has no directory for {folder}, where {base} keeps its data", how, path)


def _port(raw: Mapping[str, Any], path: Path, database: Database) -> Iterator[Fault]:
    for value, where in _published(raw):
        address, port, inside = ["", *value.split(":")][-3:] if ":" in value else ("", value, value)
        is_open = address in ("", "0.0.0.0", "[::]")  # noqa: S104
        if is_open and inside.partition("/")[0] == str(database.port):
            local = f'"127.0.0.1:{port}:{database.port}"'
            how = f"remove it, containers of this server need none, or write {local}"
            what = f"port {port} is open to the world, whatever the firewall says"
            yield Fault(what, how, (*path, *where))


def _published(raw: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """List what is published, as written, and the path of the key."""
    options = as_dict(raw.get("options")).get("publish")
    for value in (*as_list(options), options, raw.get("port")):
        if isinstance(value, (str, int)) and value:
            yield to_s(value), ("port",) if value is raw.get("port") else ("options", "publish")


def _image(raw: Mapping[str, Any]) -> tuple[str, str]:
    image = str(raw.get("image") or "").partition("@")[0]
    name, _, tag = image.rpartition("/")[2].partition(":")
    return name, tag


def _major(tag: str) -> int:
    digits = re.match(r"\d+", tag)
    return int(digits[0]) if digits else 0


def _mounts(raw: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """List what is mounted: the folder in the container, and the path of the key."""
    for key in ("directories", "files"):
        for index, item in enumerate(as_list(raw.get(key))):
            remote = as_dict(PathSection.prepare(item)).get("remote")
            yield str(remote).partition(":")[0], (key, index)
    for index, item in enumerate(as_list(raw.get("volumes"))):
        yield str(item).split(":")[1] if ":" in str(item) else str(item), ("volumes", index)
    options = as_dict(raw.get("options"))
    for key in ("volume", "mount"):
        for item in as_list(options.get(key)) or [options.get(key)]:
            for target in TARGET.findall(str(item)):
                yield target, ("options", key)


def _covers(target: str, folder: str) -> bool:
    target = target.rstrip("/")
    return folder == target or folder.startswith(f"{target}/") or target.startswith(f"{folder}/")
