"""The machines that run, as a table."""

from __future__ import annotations

from fleet.fleet import Fleet, each
from fleet.machine import Machine
from fleet.server import Server


def table(fleet: Fleet) -> str:
    """Show every server with its address, its Docker, and its containers."""
    rows = [("server", "address", "pid", "docker", "containers"), *each(_row, fleet.servers())]
    control = fleet.control
    rows.append(
        ("control", fleet.settings.address("machine"), str(control.pid or "-"), *_docker(control))
    )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(server: Server) -> tuple[str, str, str, str, str]:
    return server.name, server.address, str(server.pid or "-"), *_docker(server)


def _docker(machine: Machine) -> tuple[str, str]:
    if not machine.pid:
        return "-", "-"
    info = machine.run("docker", "info", "--format", "{{.ServerVersion}} {{.ContainersRunning}}")
    version, _, running = info.stdout.strip().partition(" ")
    return version or "-", running or "-"
