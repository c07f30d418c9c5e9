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

Reason = tuple[str, str]
"""What is wrong, and how to fix it."""
CLOUD_USERS = "ubuntu, debian, ec2-user or admin"
"""Users that images of cloud providers have instead of root."""
NO_SESSION = re.compile("no existing session", re.I)
TOO_MANY = re.compile("too many authentication|no existing session", re.I)
"""What a server answers after too many keys, and what paramiko makes of it."""
FINAL = re.compile(f"timed out|banner|no authentication methods|{TOO_MANY.pattern}", re.I)
"""Errors that another attempt would not change."""


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
        before = before[: [JumpHost.parse(each) for each in before].index(jump)]
        return replace(
            self, host=jump.host, user=jump.user, port=jump.port, jump=",".join(before) or None
        )


def is_final(error: BaseException) -> bool:
    """Tell whether another attempt would fail in the same way."""
    finals = (
        AuthenticationException,
        FileNotFoundError,
        IncompatiblePeer,
        JumpError,
        PermissionError,
        TimeoutError,
        socket.gaierror,
    )
    is_refusal = isinstance(error, SSHException) and FINAL.search(f"{error}") is not None
    return isinstance(error, finals) or is_refusal


def explain(error: BaseException | None, text: str, attempt: Attempt) -> str:
    """Explain why an attempt failed and what to do; ``text`` is for errors of other kinds."""
    by_hand, suffix = attempt.by_hand, ""
    if isinstance(error, JumpError):
        jump, host = error.jump.host, error.host
        if isinstance(error.__cause__, ChannelException):
            reason = f"the jump host {jump} cannot connect to {host}:{error.port}"
            remedy = f"check that {host} is up, and that {jump} knows it by this name"
            return f"ssh: {reason}; {remedy}; by hand: {by_hand}"
        suffix = f" (the jump host of {attempt.host})"
        attempt, error = attempt.at_jump(error.jump), error.__cause__
    reason, remedy = (
        _host_key(error, attempt)
        or _network(error, attempt)
        or _login(error, attempt)
        or (
            f"{attempt.host} cannot be reached as {attempt.user} on port {attempt.port}: {text}",
            "ssh -v shows what happens",
        )
    )
    return f"ssh: {reason}{suffix}; {remedy}; by hand: {by_hand}"


def _host_key(error: BaseException | None, attempt: Attempt) -> Reason | None:
    host, port = attempt.host, attempt.port
    if isinstance(error, BadHostKeyException):
        name = host if port == 22 else shlex.quote(f"[{host}]:{port}")
        return (
            f"{host} is not the server it was: its host key has changed",
            f"if you reinstalled it, forget the old key: ssh-keygen -R {name}; "
            "if not, somebody may be listening in",
        )
    if "not found in known_hosts" in f"{error}":
        how = f"add it: ssh-keyscan -p {port} {host} >>~/.ssh/known_hosts"
        return f"{host} is in no known_hosts file, which the SSH configuration insists on", how
    return None


def _network(error: BaseException | None, attempt: Attempt) -> Reason | None:
    where, code, text = f"port {attempt.port} of {attempt.host}", _code(error), f"{error}".lower()
    if isinstance(error, socket.gaierror):
        how = "check its spelling in deploy.yml"
        return f"{attempt.host} does not resolve to an address", how
    if code == errno.ECONNREFUSED:
        how = "check that its SSH server is up, and on which port (ssh/port in deploy.yml)"
        return f"nothing listens on {where}", how
    if isinstance(error, IncompatiblePeer):
        how = "update its SSH server"
        return f"{attempt.host} speaks no SSH that is secure enough ({error})", how
    is_silent = NO_SESSION.search(text) and not attempt.agent
    if "banner" in text or "authentication timeout" in text or is_silent:
        how = "check that an SSH server listens there, and that it is not overloaded"
        return f"{where} accepts connections and does not answer as an SSH server", how
    unreachable = (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH)
    if isinstance(error, TimeoutError) or code in unreachable:
        how = "check that it is up, and that a firewall lets you in; or raise --connect-timeout"
        return f"{where} does not answer within {attempt.timeout:g} s", how
    if code in (errno.ECONNRESET, errno.EPIPE) or isinstance(error, EOFError):
        how = "its firewall or fail2ban may have banned this address; look into its SSH log"
        return f"{where} closes the connection", how
    return None


def _login(error: BaseException | None, attempt: Attempt) -> Reason | None:
    host, user, text = attempt.host, attempt.user, f"{error}"
    if TOO_MANY.search(text) and (attempt.agent or not NO_SESSION.search(text)):
        many = f"{attempt.agent} of the agent" if attempt.agent else "too many"
        how = "write the right one under ssh/keys in deploy.yml, with ssh/keys_only: true"
        return f"{host} gave up after too many keys were offered ({many})", how
    is_login = isinstance(error, (AuthenticationException, SSHException, OSError, ValueError))
    if is_login and (broken := key_problem(attempt.files)):
        return broken
    if isinstance(error, PasswordRequiredException):
        file = next(iter(attempt.keys), "a key")
        return f"{file} has a passphrase, and no agent knows it", f"ssh-add {file}"
    copy = f"ssh-copy-id{'' if attempt.port == 22 else f' -p {attempt.port}'} {user}@{host}"
    if not attempt.keys and isinstance(error, SSHException):
        how = f"make one: ssh-keygen -t ed25519; then: {copy}"
        return f"there is no SSH key to log in to {host} with", how
    if isinstance(error, AuthenticationException):
        return (
            f"{host} refuses {user} with {', '.join(attempt.keys)}",
            f"put the public key there: {copy}; "
            f"or change ssh/user in deploy.yml (images of providers have {CLOUD_USERS})",
        )
    return None


def _code(error: BaseException | None) -> int | None:
    if isinstance(error, NoValidConnectionsError):
        return next((_code(each) for each in error.errors.values()), None)
    return error.errno if isinstance(error, OSError) else None
