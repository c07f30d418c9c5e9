"""Commands of other tools, and what they are called here."""

from __future__ import annotations

from collections.abc import Mapping

SUGGESTIONS: Mapping[str, str] = {
    "attach": "app logs -f",
    "bash": "app exec -i --reuse bash",
    "bootstrap": "server bootstrap",
    "console": "app exec -i --reuse CMD",
    "create": "init",
    "delete": "remove",
    "destroy": "remove",
    "diff": "plan --diff",
    "doc": "docs",
    "down": "app stop, or kamalpy remove for good",
    "env": "secrets check",
    "exec": "app exec CMD",
    "healthcheck": "doctor",
    "launch": "setup",
    "login": "registry login",
    "ls": "details",
    "maintenance": "app maintenance",
    "new": "init",
    "ps": "details",
    "pull": "build pull",
    "push": "build push",
    "release": "deploy",
    "restart": "app boot",
    "revert": "rollback",
    "run": "app exec CMD",
    "scale": "deploy, after a change of servers in config/deploy.yml",
    "shell": "app exec -i --reuse bash",
    "ssh": "server exec -i bash",
    "start": "app start",
    "stop": "app stop",
    "traefik": "proxy",
    "undo": "rollback",
    "unlock": "lock release",
    "up": "setup for the first time, kamalpy deploy from then on",
    "validate": "config",
}
"""A word that no command has, and what to type instead after ``kamalpy``."""
