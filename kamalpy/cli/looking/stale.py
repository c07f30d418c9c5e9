"""Versions that run beside the one that serves."""

from __future__ import annotations

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Headed, Printed
from kamalpy.cli.looking import places
from kamalpy.cli.looking.fleet import Fleet
from kamalpy.cli.looking.places import Place
from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.plan import read
from kamalpy.operations.app.stop import stale_of
from kamalpy.spec.app import App
from kamalpy.spec.state import HostState


def tell(engine: Engine) -> int:
    """List them host by host."""
    config = engine.config
    ask = StateQuery(services=(config.service,), images=(config.latest_image,))
    with Fleet.reached(engine, places.app_hosts(engine)) as fleet:
        states = read(dict.fromkeys(places.app_hosts(engine), ask))
        for each in places.by_host(engine, places.app_places(engine)):
            if each.host in states:
                _tell(engine, each, states[each.host])
        return fleet.status


def _tell(engine: Engine, place: Place, state: HostState) -> None:
    app = App(engine.config.service, place.name, engine.config.destination)
    old = stale_of(app, state, engine.config.latest_image)
    if old:
        engine.output.show(Headed(f"App StateQuery: {place.host}"))
    for container in old:
        version = container.name.removeprefix(f"{app.prefix}-")
        text = (
            f"Detected stale container for role {place.name} with version {version} "
            "(use `kamalpy app stale_containers --stop` to stop)"
        )
        engine.output.show(Printed(text, place.host, place.name))
    if old:
        engine.output.show(Headed(""))
