"""``@simulated/config/deploy.yml``: the hosts of a deploy.yml, in ``world.json`` beside it."""

from __future__ import annotations

import json
import os
import random
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from pyinfra.api.command import StringCommand
from pyinfra.api.exceptions import ConnectError
from pyinfra.connectors.base import BaseConnector
from pyinfra.connectors.util import CommandOutput, OutputLine  # noqa: TID251

from kamalpy.commands.base import Chain
from kamalpy.connectors.hosts import data_of, groups_of, named, read
from simulated.host import Failed, SimulatedHost

WORLD, LOG, ARGUMENTS = Path("world.json"), Path("log.jsonl"), Path("arguments.jsonl")


class Simulated(BaseConnector):
    """
    A host that does what our scripts do, as far as it can be told from outside.

    ``FAULTS`` in the environment, ``h2.test:boot``, lets a command fail on a host; ``...:late``
    after it has done everything; ``...:slow`` lets it take two seconds, ``...:hang`` a minute the
    first time, ``...:unheard`` a minute after it has done everything. With ``...:silent`` the host
    answers no command any more from this one on, and with ``...:lost`` its connection is lost.
    """

    handles_execution = True
    has_hung = False
    is_silent = False
    is_lost = False

    @staticmethod
    def make_names_data(name: str | None = None) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
        """Yield the hosts of a deploy.yml."""
        config = read(*named(name), Path.cwd())
        for host in config.hosts:
            data = data_of(config, host)
            yield host, {k: v for k, v in data.items() if k[:4] != "ssh_"}, groups_of(config, host)

    def connect(self) -> None:
        """Be there, unless it is told not to be."""
        if f"{self.host.name}:connect" in os.environ.get("FAULTS", "").split():
            gevent.sleep(0.2 if self.host.name.startswith("h1") else 0)  # the first one comes last
            raise ConnectError("simulated: nobody is there")

    def run_shell_command(
        self,
        command: StringCommand,
        print_output: bool = False,
        print_input: bool = False,
        **arguments: Any,
    ) -> tuple[bool, CommandOutput]:
        """Do what a script would do, at any moment; or several, one after the other."""
        if not isinstance(command, Chain):
            return self._do(command, 0, arguments)
        failed, said = False, []
        for number, each in enumerate(command.commands):
            given = {**arguments, "_stdin": each.connector_arguments.get("_stdin")}
            if not failed or not command.ends:
                succeeded, lines = self._do(each, number, given)
                failed |= not succeeded
                said += lines
        return not failed, CommandOutput(said)

    def _do(
        self, command: StringCommand, number: int, arguments: dict[str, Any]
    ) -> tuple[bool, CommandOutput]:
        bits = command.bits[3:] if command.bits[:2] == ("sh", "-c") else command.bits
        words = shlex.split(StringCommand(*bits).get_raw_value())
        fault = self._fault(words[0])
        self._note(words, fault, number)
        self._note_arguments(words[0], arguments)
        self.is_silent |= fault == "silent"
        if self.is_silent:
            gevent.sleep(600)
        self.is_lost |= fault == "lost"
        if self.is_lost:
            return False, CommandOutput([])
        if fault == "hang" and not self.has_hung:
            self.has_hung = True
            gevent.sleep(60)
        gevent.sleep(2 if fault == "slow" else random.uniform(0, 0.002))
        if fault == "early":
            return False, _lines("stderr", [f"simulated: {words[0]} fails"])
        succeeded, said = self._simulated(words, "".join(arguments.get("_stdin") or ()))
        gevent.sleep(60 if fault == "unheard" else 0)
        return succeeded and fault != "late", _lines("stdout", said)

    def _simulated(self, words: list[str], stdin: str) -> tuple[bool, list[str]]:
        world = json.loads(WORLD.read_text())
        said = SimulatedHost(self.host.name, world[self.host.name]).do(words, stdin)
        WORLD.write_text(json.dumps(world, indent=1))
        return said is not None and not isinstance(said, Failed), said or []

    def _fault(self, command: str) -> str | None:
        for fault in os.environ.get("FAULTS", "").split():
            host, name, *how = fault.split(":")
            if (host, name) == (self.host.name, command):
                return how[0] if how else "early"
        return None

    def _note(self, words: list[str], fault: str | None, number: int) -> None:
        with LOG.open("a") as log:
            log.write(json.dumps([self.host.name, words, fault, number]) + "\n")

    def _note_arguments(self, name: str, arguments: dict[str, Any]) -> None:
        """Write down the global arguments of a script, but for its standard input."""
        given = {key: value for key, value in arguments.items() if value and key != "_stdin"}
        with ARGUMENTS.open("a") as log:
            log.write(json.dumps([self.host.name, name, given], default=str) + "\n")

    def put_file(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse: whatever is sent to a host travels with a command."""
        raise NotImplementedError

    def get_file(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse: whatever a host says it says to a command."""
        raise NotImplementedError


def _lines(name: str, lines: list[str]) -> CommandOutput:
    return CommandOutput([OutputLine(name, line) for line in lines])
