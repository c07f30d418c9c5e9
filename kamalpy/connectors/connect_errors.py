"""Why a server cannot be reached, what was tried, and what to do about it."""

from __future__ import annotations

import errno
import re
import shlex
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace

from paramiko import (
    AuthenticationException,
    BadHostKeyException,
    ChannelException,
    PasswordRequiredException,
    SSHException,
)
from paramiko.ssh_exception import IncompatiblePeer, NoValidConnectionsError

from kamalpy.config.ssh import JumpHost
from kamalpy.connectors.key_files import key_problem

CLOUD_USERS = "ubuntu, debian, ec2-user or admin"
"""Users that images of cloud providers have instead of root."""
LAST = (
    "timed out",
    "banner",
    "too many authentication",
    "no authentication methods",
    "no existing session",
)


NO_SESSION = re.compile("no existing session", re.I)
TOO_MANY = re.compile("too many authentication|no existing session", re.I)
"""What a server says when it has had enough, and what paramiko makes of it."""


class JumpError(SSHException):
    """A jump host that fails on the way to ``host``; its cause is what went wrong there."""

    def __init__(self, jump: JumpHost, host: str, port: int, text: str) -> None:
        super().__init__(text)
        self.jump, self.host, self.port = jump, host, port


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    What was tried: ``keys`` as a user knows them, ``jump`` the host on the way, if any.

    ``files`` are the key files that deploy.yml names, ``agent`` counts the keys of the agent.
    """

    host: str
    user: str
    port: int
    keys: Sequence[str] = ()
    jump: str | None = None
    files: Sequence[str] = ()
    agent: int = 0
    timeout: float = 10

    @property
    def by_hand(self) -> str:
        """Spell the command by which a user tries the same."""
        words = ["ssh", *(["-J", self.jump] if self.jump else [])]
        words += [word for file in self.files for word in ("-i", file)]
        words += ["-p", str(self.port)] if self.port != 22 else []
        return shlex.join([*words, f"{self.user}@{self.host}"])

    def at_jump(self, jump: JumpHost) -> Attempt:
        """Return the attempt to reach a jump host itself, through those before it."""
        before = (self.jump or "").split(",")
        before = before[: [JumpHost.of(each) for each in before].index(jump)]
        return replace(
            self, host=jump.host, user=jump.user, port=jump.port, jump=",".join(before) or None
        )


def is_final(error: BaseException) -> bool:
    """Tell whether another attempt would fail in the same way."""
    finals = (AuthenticationException, socket.gaierror, TimeoutError, JumpError, IncompatiblePeer)
    text = str(error).lower()
    return isinstance(error, (*finals, FileNotFoundError, PermissionError)) or (
        isinstance(error, SSHException) and any(words in text for words in LAST)
    )


def explain(error: BaseException | None, text: str, attempt: Attempt) -> str:
    """Explain why an attempt failed and what to do; ``text`` is what else is known."""
    way = ""
    by_hand = attempt.by_hand
    if isinstance(error, JumpError):
        jump, host = error.jump.host, error.host
        if isinstance(error.__cause__, ChannelException):
            reason = f"the jump host {jump} cannot connect to {host}:{error.port}"
            remedy = f"check that {host} is up, and is called like that on {jump}"
            return f"ssh: {reason}; {remedy}; by hand: {by_hand}"
        way = f" (the jump host of {attempt.host})"
        attempt, error = attempt.at_jump(error.jump), error.__cause__
    reason, remedy = _reason(error, text, attempt)
    return f"ssh: {reason}{way}; {remedy}; by hand: {by_hand}"


def _reason(error: BaseException | None, text: str, of: Attempt) -> tuple[str, str]:
    if isinstance(error, BadHostKeyException):
        return (
            f"{of.host} is not the server it was: its host key has changed",
            "if you reinstalled it, forget the old key: "
            f"ssh-keygen -R {_known_as(of)}; if not, somebody may be listening in",
        )
    if "not found in known_hosts" in f"{error}":
        how = f"add it: ssh-keyscan -p {of.port} {of.host} >>~/.ssh/known_hosts"
        return f"{of.host} is in no known_hosts file, which the SSH configuration insists on", how
    return _network(error, of) or _login(error, of) or _rest(text, of)


def _login(error: BaseException | None, of: Attempt) -> tuple[str, str] | None:
    if TOO_MANY.search(f"{error}") and (of.agent or not NO_SESSION.search(f"{error}")):
        many = f"{of.agent} of the agent" if of.agent else "too many"
        how = "write the right one under ssh/keys in deploy.yml, with ssh/keys_only: true"
        return f"{of.host} gave up after too many keys were offered ({many})", how
    is_login = isinstance(error, (AuthenticationException, SSHException, OSError, ValueError))
    broken = key_problem(of.files) if is_login else None
    if broken is not None:
        return broken
    if isinstance(error, PasswordRequiredException):
        file = next(iter(of.keys), "a key")
        return f"{file} has a passphrase, and no agent knows it", f"ssh-add {file}"
    if not of.keys and isinstance(error, SSHException):
        return (
            f"there is no SSH key to log in to {of.host} with",
            f"make one: ssh-keygen -t ed25519; then: ssh-copy-id{_port(of)} {of.user}@{of.host}",
        )
    if isinstance(error, AuthenticationException):
        return (
            f"{of.host} refuses {of.user} with {', '.join(of.keys)}",
            f"put the public key there: ssh-copy-id{_port(of)} {of.user}@{of.host}; "
            f"or change ssh/user in deploy.yml (images of providers have {CLOUD_USERS})",
        )
    return None


def _network(error: BaseException | None, of: Attempt) -> tuple[str, str] | None:
    where = f"port {of.port} of {of.host}"
    if isinstance(error, socket.gaierror):
        return f"{of.host} does not resolve to an address", "check its spelling in deploy.yml"
    if _code(error) == errno.ECONNREFUSED:
        how = "check that its SSH server is up, and on which port (ssh/port in deploy.yml)"
        return f"nothing listens on {where}", how
    if isinstance(error, IncompatiblePeer):
        return f"{of.host} speaks no SSH that is secure enough ({error})", "update its SSH server"
    text = f"{error}".lower()
    is_silent = NO_SESSION.search(text) and not of.agent
    if "banner" in text or "authentication timeout" in text or is_silent:
        how = "check that an SSH server listens there, and that it is not overloaded"
        return f"{where} accepts connections and does not answer as an SSH server", how
    unreachable = (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH)
    if isinstance(error, TimeoutError) or _code(error) in unreachable:
        how = "check that it is up, and that a firewall lets you in; or raise --connect-timeout"
        return f"{where} does not answer within {of.timeout:g} s", how
    if _code(error) in (errno.ECONNRESET, errno.EPIPE) or isinstance(error, EOFError):
        how = "its firewall or fail2ban may have banned this address; look into its SSH log"
        return f"{where} closes the connection", how
    return None


def _rest(text: str, of: Attempt) -> tuple[str, str]:
    return (
        f"{of.host} cannot be reached as {of.user} on port {of.port}: {text}",
        "ssh -v shows what happens",
    )


def _code(error: BaseException | None) -> int | None:
    if isinstance(error, NoValidConnectionsError):
        return next((_code(each) for each in error.errors.values()), None)
    return error.errno if isinstance(error, OSError) else None


def _port(of: Attempt) -> str:
    return "" if of.port == 22 else f" -p {of.port}"


def _known_as(of: Attempt) -> str:
    return of.host if of.port == 22 else shlex.quote(f"[{of.host}]:{of.port}")
