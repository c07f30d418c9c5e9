"""``app``: the group; ``app_verbs`` changes servers, ``app_looks`` only looks at them."""

from __future__ import annotations

from kamalpy.cli.tree import Entry, Group

_VERBS, _LOOKS = "kamalpy.cli.app_verbs", "kamalpy.cli.app_looks"
ENTRIES = {
    "boot": Entry(f"{_VERBS}:boot", "Boot the app, or boot it anew where it runs."),
    "start": Entry(f"{_VERBS}:start", "Start what was stopped."),
    "stop": Entry(f"{_VERBS}:stop", "Stop the app; requests get 404."),
    "details": Entry(f"{_LOOKS}:details", "Show the app's containers that run."),
    "containers": Entry(f"{_LOOKS}:containers", "Show all of the app's containers."),
    "images": Entry(f"{_LOOKS}:images", "Show the app's images."),
    "exec": Entry(f"{_LOOKS}:exec_", "Run a command in the app."),
    "logs": Entry(f"{_LOOKS}:logs", "Show the app's log lines."),
    "version": Entry(f"{_LOOKS}:version", "Show which version runs."),
    "maintenance": Entry(f"{_VERBS}:maintenance", "Answer requests with 503 and a message."),
    "live": Entry(f"{_VERBS}:live", "End the maintenance."),
    "stale-containers": Entry(
        f"{_VERBS}:stale_containers", "Show, or stop, old versions that run."
    ),
    "remove": Entry(f"{_VERBS}:remove", "Remove the app's containers, images and files."),
    "remove-container": Entry(f"{_VERBS}:remove_container", "Remove one version.", hidden=True),
    "remove-containers": Entry(
        f"{_VERBS}:remove_containers", "Remove what is stopped.", hidden=True
    ),
    "remove-images": Entry(f"{_VERBS}:remove_images", "Remove images nobody uses.", hidden=True),
    "remove-app-directories": Entry(
        f"{_VERBS}:remove_app_directories", "Remove the app's files.", hidden=True
    ),
}

group = Group(ENTRIES, name="app", help="The app: boot, stop, run commands in it, read its log.")
