"""Why a server cannot be reached, what was tried, and what to do about it."""

from __future__ import annotations

import errno
import shlex
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from paramiko import AuthenticationException, BadHostKeyException, PasswordRequiredException
from paramiko.ssh_exception import NoValidConnectionsError


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: ``keys`` as a user knows them, ``jump`` the host on the way, if any."""

    host: str
    user: str
    port: int
    keys: Sequence[str] = ()
    jump: str | None = None

    @property
    def by_hand(self) -> str:
        """Spell the command by which a user tries the same."""
        words = ["ssh", *(["-J", self.jump] if self.jump else [])]
        words += ["-p", str(self.port)] if self.port != 22 else []
        return shlex.join([*words, f"{self.user}@{self.host}"])


def told(error: BaseException | None, said: str, attempt: Attempt) -> str:
    """Say in a sentence why an attempt failed and what to do; ``said`` is what else is known."""
    reason, remedy = _told(error, said, attempt)
    way = f" (through the jump host {attempt.jump})" if attempt.jump else ""
    return f"ssh: {reason}{way}; {remedy}; by hand: {attempt.by_hand}"


def _told(error: BaseException | None, said: str, of: Attempt) -> tuple[str, str]:
    if isinstance(error, PasswordRequiredException):
        return f"a key for {of.host} has a passphrase", "add it to your agent with ssh-add"
    if isinstance(error, BadHostKeyException):
        return (
            f"{of.host} is not the server it was: its host key has changed",
            f"if you know why, forget the old key with ssh-keygen -R {_known_as(of)}",
        )
    if isinstance(error, AuthenticationException):
        tried = ", ".join(of.keys) or "no key at all"
        return (
            f"{of.host} lets nobody in as {of.user} with {tried}",
            f"put the public key into ~{of.user}/.ssh/authorized_keys there, or change ssh/user "
            "or ssh/keys in deploy.yml",
        )
    return _unreachable(error, said, of)


def _unreachable(error: BaseException | None, said: str, of: Attempt) -> tuple[str, str]:
    if isinstance(error, socket.gaierror):
        return f"no address is known for {of.host}", "check how it is spelled in deploy.yml"
    if _code(error) == errno.ECONNREFUSED:
        return (
            f"nothing listens on port {of.port} of {of.host}",
            "check that its SSH server is up, and on which port (ssh/port in deploy.yml)",
        )
    if isinstance(error, TimeoutError) or _code(error) in (errno.ETIMEDOUT, errno.EHOSTUNREACH):
        return (
            f"{of.host} does not answer on port {of.port}",
            "check that it is up, and that a firewall lets you in",
        )
    return f"{of.host} cannot be reached as {of.user} on port {of.port}: {said}", "try again"


def _code(error: BaseException | None) -> int | None:
    if isinstance(error, NoValidConnectionsError):
        return next((_code(each) for each in error.errors.values()), None)
    return error.errno if isinstance(error, OSError) else None


def _known_as(of: Attempt) -> str:
    return of.host if of.port == 22 else shlex.quote(f"[{of.host}]:{of.port}")
