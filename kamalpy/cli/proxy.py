"""``proxy``: the group; ``proxy_verbs`` changes servers, ``proxy_looks`` only looks at them."""

from __future__ import annotations

from kamalpy.cli.tree import Entry, Group

_VERBS, _LOOKS = "kamalpy.cli.proxy_verbs", "kamalpy.cli.proxy_looks"
ENTRIES = {
    "boot": Entry(f"{_VERBS}:boot", "Run the proxy where it does not run."),
    "reboot": Entry(f"{_VERBS}:reboot", "Give the proxy a new container."),
    "start": Entry(f"{_VERBS}:start", "Start its container."),
    "stop": Entry(f"{_VERBS}:stop", "Stop its container."),
    "restart": Entry(f"{_VERBS}:restart", "Stop its container and start it."),
    "details": Entry(f"{_LOOKS}:details", "Show its container."),
    "logs": Entry(f"{_LOOKS}:logs", "Show its log lines."),
    "remove": Entry(f"{_VERBS}:remove", "Remove the proxy where no app needs it."),
    "boot-config": Entry(f"{_VERBS}:boot_config", "How it is run where deploy.yml does not say."),
    "upgrade": Entry(f"{_VERBS}:upgrade", "Move it from Kamal 1 to 2.", hidden=True),
    "remove-container": Entry(f"{_VERBS}:remove_container", "Remove its container.", hidden=True),
    "remove-image": Entry(f"{_VERBS}:remove_image", "Remove its image.", hidden=True),
    "remove-proxy-directory": Entry(
        f"{_VERBS}:remove_proxy_directory", "Remove its files.", hidden=True
    ),
}

group = Group(ENTRIES, name="proxy", help="The proxy on the servers.")
