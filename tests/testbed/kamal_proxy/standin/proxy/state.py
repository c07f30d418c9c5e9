"""The state file: every service, as the real kamal-proxy writes and reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from standin.log import Log
from standin.options import ServiceOptions, TargetOptions
from standin.proxy.balancer import Balancer
from standin.proxy.errors import RefusedError
from standin.proxy.service import Service

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def save(path: Path, services: Iterable[Service], log: Log) -> None:
    """Write every service down."""
    text = json.dumps(
        [service.to_json() for service in services], separators=(",", ":"), ensure_ascii=False
    )
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    try:
        path.write_text(text + "\n", "utf-8")
    except OSError as error:
        log.error("Unable to save state", error=str(error), path=str(path))
    else:
        log.debug("Saved state", path=str(path))


def restore(path: Path, log: Log) -> list[Service]:
    """Every service that was written down; none if any of it cannot be read."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        log.info("No previous state to restore", path=str(path))
        return []
    except OSError as error:
        log.error("Failed to restore saved state", path=str(path), error=str(error))
        return []
    try:
        services = [_service(data, log) for data in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError, RefusedError) as error:
        log.error("Failed to decode saved state", path=str(path), error=str(error))
        return []
    log.info("Restored saved state", path=str(path))
    return services


def _service(data: dict[str, Any], log: Log) -> Service:
    options = ServiceOptions.from_json(data["options"])
    target_options = TargetOptions.from_json(data["target_options"])
    service = Service(data["name"], options, target_options, log, data)
    service.active = _balancer(data, "active", options, target_options, log)
    if data.get("rollout_targets") or data.get("rollout_readers"):
        service.rollout = _balancer(data, "rollout", options, target_options, log)
    return service


def _balancer(
    data: dict[str, Any],
    slot: str,
    options: ServiceOptions,
    target_options: TargetOptions,
    log: Log,
) -> Balancer:
    targets, readers = data.get(f"{slot}_targets") or [], data.get(f"{slot}_readers") or []
    balancer = Balancer(targets, readers, options, target_options, log)
    balancer.trust()
    return balancer
