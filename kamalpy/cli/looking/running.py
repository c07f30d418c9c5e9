"""Running a user's command in containers and on hosts, and passing its exit status on."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Said
from kamalpy.cli.looking import asking, lists, places
from kamalpy.cli.looking.fleet import Ask, Fleet, at_hand
from kamalpy.cli.looking.places import Place
from kamalpy.commands.audit import log_file
from kamalpy.commands.execution import Execution, How
from kamalpy.config import Accessory, Role
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.run_secrets import secrets_of
from kamalpy.connectors.terminal import Terminal
from kamalpy.errors import DeployError
from kamalpy.operations import valid
from kamalpy.operations.words import log_of
from kamalpy.spec.container import ContainerSpec


@dataclass(frozen=True)
class Wish:
    """A command, and how it is to be run."""

    words: Sequence[str]
    interactive: bool = False
    reuse: bool = False
    detach: bool = False
    raw: bool = False
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def how(self) -> How:
        """What it is connected to: a terminal if we have one, else our input."""
        if self.detach:
            return How.DETACHED
        if not self.interactive:
            return How.ALONE
        return How.TERMINAL if sys.stdin.isatty() else How.INPUT


def in_app(engine: Engine, wish: Wish) -> int:
    """Run it in the roles in play; a terminal goes to the first one of them."""
    found = places.app_places(engine, engine.settings.version)
    asks = [_in(engine, wish, each, lists.heading(each, found)) for each in found]
    return _run(engine, wish, asks)


def in_accessory(engine: Engine, wish: Wish, name: str) -> int:
    """Run it in an accessory, or in all of them."""
    found = places.accessory_places(engine, name)
    asks = [_in(engine, wish, each, lists.of_accessory(each)) for each in found]
    return _run(engine, wish, asks)


def on_servers(engine: Engine, wish: Wish) -> int:
    """Run it in the shell of the hosts in play; a terminal goes to the first one."""
    execution = _execution(engine, wish)
    asks = [Ask(host, execution.on_host(host), f"App Host: {host}") for host in engine.hosts]
    return _run(engine, wish, asks)


def _in(engine: Engine, wish: Wish, place: Place, heading: str) -> Ask:
    execution = _execution(engine, wish)
    if wish.reuse:
        command = execution.inside(place.where)
    else:
        command = execution.beside(place.where, _options(place.of))
    return Ask(place.host, command, heading, place.name)


def _execution(engine: Engine, wish: Wish) -> Execution:
    config = engine.config
    log = log_file(config.service, config.destination)
    return Execution(wish.words, wish.env, wish.how, log, performer(), config.destination)


def _options(of: Role | Accessory) -> ContainerSpec:
    """Describe what a new container has of deploy.yml: where its log goes, and further options."""
    log = log_of(of.logging)
    options = {name: str(value) for name, value in log.options.items()}
    flags = valid.flags(of.options or {})
    return ContainerSpec(
        name="", image="", log_driver=log.driver, log_options=options, options=flags
    )


def _run(engine: Engine, wish: Wish, asks: Sequence[Ask]) -> int:
    if not asks:
        raise DeployError("no server is meant: see -h, -r and -p, and servers in deploy.yml")
    typed = " ".join(wish.words)
    if engine.settings.dry:
        for each in asks[:1] if wish.interactive else asks:
            engine.output.show(Said(f"would run {typed}", each.host))
        return 0
    if wish.interactive:
        return _terminal(engine, wish, asks)
    with Fleet.reached(engine, asking.hosts_of(engine, asks)) as fleet:
        return asking.copy(fleet, asks) if wish.raw else asking.tell(fleet, asks)


def _terminal(engine: Engine, wish: Wish, asks: Sequence[Ask]) -> int:
    """Leave the terminal to the first one."""
    first = asks[0]
    if len(asks) > 1:
        role = f", {first.source}" if first.source else ""
        engine.output.show(Said(f"goes to this one{role}; -h and -r name others", first.host))
    with at_hand(engine, [first.host]):
        way = Terminal(engine.config, secrets_of(engine.config))
        command = str(first.command.get_raw_value())
        return way.run(first.host, command, tty=wish.how is How.TERMINAL)
