"""Validate arguments before any command is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kamalpy.errors import ArgumentError

_CONTAINER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_IMAGE = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9_.:/@\[\]-]*")
_FLAG = re.compile(r"[a-z0-9][a-z0-9-]*")


def container(argument: str, name: str) -> str:
    """Check a part of a container's name."""
    if not _CONTAINER.fullmatch(name):
        raise ArgumentError(
            f"{argument}: {name!r} cannot name a container; use letters, digits, '_', '.', '-', "
            "the first a letter or digit"
        )
    return name


def service(name: str, destination: str | None) -> None:
    """Check a service and its destination, which become parts of names."""
    container("service", name)
    if destination is not None:
        container("destination", destination)


def image(reference: str, argument: str = "image") -> str:
    """Check an image's name."""
    if not _IMAGE.fullmatch(reference):
        raise ArgumentError(
            f"{argument}: {reference!r} is no name of an image; write one like nginx:1.27"
        )
    return reference


def platform(image: str, platforms: Sequence[str], machine: str) -> None:
    """Check that a host can run an image; hosts of an unknown architecture pass."""
    if not machine or not platforms or any(_runs(each, machine) for each in platforms):
        return
    listed = ", ".join(platforms)
    raise ArgumentError(
        f"{image} is built for {listed}, but this server is {machine}; set builder/arch in "
        f"deploy.yml to {machine}, or to a list of both"
    )


def _runs(platform: str, machine: str) -> bool:
    """Return whether a machine runs a platform's programs, 32-bit ones included."""
    arch = platform.removeprefix("linux/").partition("/")[0]
    return arch == machine or (arch, machine) in (("386", "amd64"), ("arm", "arm64"))


def registry(argument: str, server: str) -> str:
    """Check the address of a registry."""
    if not _IMAGE.fullmatch(server):
        raise ArgumentError(
            f"{argument}: {server!r} is no registry; write one like registry.example.com:5000"
        )
    return server


def text(argument: str, value: object) -> str:
    """Check one argument of a program: no NUL, valid Unicode."""
    written = str(value)
    if "\0" in written:
        raise ArgumentError(f"{argument}: holds a NUL byte, which no program can be given")
    try:
        written.encode()
    except UnicodeEncodeError:
        raise ArgumentError(
            f"{argument}: holds bytes that are no text; Docker takes UTF-8"
        ) from None
    return written


def path(argument: str, value: str) -> str:
    """Check a path on a host: one line, not empty."""
    if not text(argument, value) or "\n" in value or "\r" in value:
        raise ArgumentError(f"{argument}: {value!r} is no path; a path is one line of text")
    return value


def environment(argument: str, values: Iterable[str]) -> None:
    """Check names of variables."""
    for name in values:
        if not text(argument, name) or "=" in name or any(each.isspace() for each in name):
            raise ArgumentError(
                f"{argument}: {name!r} cannot name a variable; leave out '=' and spaces"
            )


def user(argument: str, value: str | None) -> str | None:
    """Check a user, by name or number."""
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", value):
        raise ArgumentError(
            f"{argument}: {value!r} is no user; write a name of the image's, or a number"
        )
    return value


def pairs(argument: str, values: Mapping[str, object]) -> dict[str, str]:
    """Check names and values of variables or labels."""
    environment(argument, values)
    return {name: text(f"{argument}/{name}", value) for name, value in values.items()}


def flags(values: Mapping[str, object]) -> dict[str, object]:
    """Check options of ``docker run``."""
    for flag, value in values.items():
        if not _FLAG.fullmatch(flag):
            raise ArgumentError(
                f"options: {flag!r} is no flag of docker run; write one like memory"
            )
        for each in value if isinstance(value, (list, tuple)) else (value,):
            text(f"options/{flag}", each)
    return dict(values)


def mode(argument: str, value: str | None) -> str | None:
    """Check the mode of a file: octal digits, in quotes."""
    if value is not None and not re.fullmatch(r"[0-7]{3,4}", str(value)):
        raise ArgumentError(f"{argument}: {value!r} is no mode; write octal digits, like '0644'")
    return value
