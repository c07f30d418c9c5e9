"""Docker networks of a host."""

from __future__ import annotations

from kamalpy.commands import network as _network
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation


@operation()
def present(network: str = "kamal") -> Commands:
    """
    Ensure a network exists: a bridge on which containers find each other by name.

    + network: its name

    **Example:**

    .. code:: python

        network.present(name="Create the network of all containers")
    """
    valid.container("network", network)
    if network in engine(StateQuery(networks=(network,))).networks:
        noop(f"network {network} is there")
        return
    yield _network.create(network)
    forget()


@operation()
def absent(network: str = "kamal") -> Commands:
    """
    Ensure a network is absent.

    + network: its name

    **Example:**

    .. code:: python

        network.absent(name="Remove the network")
    """
    valid.container("network", network)
    if network not in engine(StateQuery(networks=(network,))).networks:
        noop(f"network {network} is not there")
        return
    yield _network.remove(network)
    forget()
