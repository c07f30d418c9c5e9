"""``server``: the group; ``server_verbs`` changes servers, ``server_looks`` runs commands there."""

from __future__ import annotations

from kamalpy.cli.tree import Entry, Group

ENTRIES = {
    "bootstrap": Entry("kamalpy.cli.server_verbs:bootstrap", "Have Docker on all servers."),
    "exec": Entry("kamalpy.cli.server_looks:exec_", "Run a command on the servers."),
}

group = Group(ENTRIES, name="server", help="The servers themselves.")
