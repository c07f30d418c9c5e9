"""The guest book in Postgres."""

import os
from contextlib import closing
from urllib.parse import unquote, urlsplit

import pg8000.native

_TABLE = "CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)"


def connect() -> pg8000.native.Connection:
    """Connect to where DATABASE_URL points to."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return pg8000.native.Connection(
        user=unquote(url.username or "postgres"),
        password=unquote(url.password or ""),
        host=url.hostname or "localhost",
        port=url.port or 5432,
        database=url.path.lstrip("/") or "postgres",
        timeout=5,
    )


def add(text: str) -> None:
    """Write a note."""
    with closing(connect()) as connection:
        # Two first requests at once must not both make the table.
        connection.run("SELECT pg_advisory_lock(1)")
        connection.run(_TABLE)
        connection.run("INSERT INTO notes (text) VALUES (:text)", text=text)


def notes() -> list[str]:
    """Read all notes, the oldest first."""
    with closing(connect()) as connection:
        if not connection.run("SELECT to_regclass('notes') IS NOT NULL")[0][0]:
            return []
        return [row[0] for row in connection.run("SELECT text FROM notes ORDER BY id")]
