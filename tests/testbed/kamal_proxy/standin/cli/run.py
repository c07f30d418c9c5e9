"""``run``: the server's flags, which the environment may preset."""

from __future__ import annotations

import os

from standin.cli.command import Command
from standin.cli.flags import Flag, UsageError, Words
from standin.cli.kinds import BOOLEAN, INTEGER, Kind


def command() -> Command:
    """The command, with defaults from the environment."""
    return Command(
        path="kamal-proxy run",
        summary="Run the server",
        run=_run,
        flags=(
            Flag("debug", BOOLEAN, _from_environment("DEBUG", BOOLEAN, False), "Log more"),
            Flag("http-port", INTEGER, _from_environment("HTTP_PORT", INTEGER, 80), "HTTP's port"),
            Flag(
                "https-port", INTEGER, _from_environment("HTTPS_PORT", INTEGER, 443), "HTTPS's port"
            ),
            Flag(
                "metrics-port",
                INTEGER,
                _from_environment("METRICS_PORT", INTEGER, 0),
                "Port for metrics, 0 for none",
            ),
            Flag("http3", BOOLEAN, False, "Taken and ignored: the stand-in speaks HTTP/1.1"),
        ),
    )


def _from_environment(name: str, kind: Kind, default: int | bool) -> int | bool:
    text = os.environ.get(f"KAMAL_PROXY_{name}", os.environ.get(name))
    try:
        return default if text is None else int(kind.parse(text))
    except ValueError:
        return default


def _run(words: Words) -> None:
    # The server's libraries take most of a second to import; no other command needs them.
    from standin.server.main import ListenError, Ports, serve

    ports = Ports(words["http-port"], words["https-port"], words["metrics-port"])
    try:
        serve(ports, debug=words["debug"], http3=words["http3"])
    except ListenError as error:
        raise UsageError(str(error)) from error
