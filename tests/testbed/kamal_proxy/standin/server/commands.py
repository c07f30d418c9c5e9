"""The server's end of the command socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from standin.http.headers import canonical
from standin.log import Log
from standin.options import DeploymentOptions, ServiceOptions, TargetOptions
from standin.proxy.errors import RefusedError
from standin.proxy.router import Router

MAX_LINE = 16 * 1024 * 1024


class Commands:
    """One line of JSON in, one line out; a command goes on if its client goes away."""

    def __init__(self, router: Router, log: Log) -> None:
        self._router = router
        self._log = log
        self._methods: dict[str, Callable[..., Awaitable[Any]]] = {
            "Deploy": self._deploy,
            "RolloutDeploy": self._rollout_deploy,
            "RolloutSet": self._rollout_set,
            "RolloutStop": self._rollout_stop,
            "Remove": self._remove,
            "Pause": self._pause,
            "Stop": self._stop,
            "Resume": self._resume,
            "List": self._list,
        }

    async def listen(self, path: Path) -> None:
        """Take commands from now on."""
        path.unlink(missing_ok=True)
        self._path = path
        self._server = await asyncio.start_unix_server(self._converse, str(path), limit=MAX_LINE)

    def close(self) -> None:
        """Take no more commands."""
        self._server.close()
        self._path.unlink(missing_ok=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError):
            line = await reader.readline()
            if line:
                writer.write(json.dumps(await self._answer(json.loads(line))).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            result = await self._methods[question["method"]](**question["arguments"])
        except RefusedError as error:
            return {"error": str(error), "result": None}
        except Exception as error:
            self._log.error("The stand-in is at a loss", error=repr(error))
            return {"error": f"the stand-in is at a loss: {error!r}", "result": None}
        return {"error": None, "result": result}

    async def _deploy(
        self,
        service: str,
        targets: list[str],
        readers: list[str],
        options: dict[str, Any],
        target_options: dict[str, Any],
        deployment: dict[str, Any],
    ) -> None:
        for name in ("log_request_headers", "log_response_headers"):
            target_options[name] = [canonical(n) for n in target_options[name] or []] or None
        await self._router.deploy(
            service,
            targets,
            readers,
            ServiceOptions.from_json(options),
            TargetOptions.from_json(target_options),
            DeploymentOptions(**deployment),
        )

    async def _rollout_deploy(
        self, service: str, targets: list[str], readers: list[str], deployment: dict[str, Any]
    ) -> None:
        await self._router.rollout_deploy(
            service, targets, readers, DeploymentOptions(**deployment)
        )

    async def _rollout_set(self, service: str, percentage: int, allowlist: list[str]) -> None:
        self._router.rollout_set(service, percentage, allowlist)

    async def _rollout_stop(self, service: str) -> None:
        self._router.rollout_stop(service)

    async def _remove(self, service: str) -> None:
        self._router.remove(service)

    async def _pause(self, service: str, drain: int, held: int) -> None:
        await self._router.pause(service, drain, held)

    async def _stop(self, service: str, drain: int, message: str) -> None:
        await self._router.stop(service, drain, message)

    async def _resume(self, service: str) -> None:
        self._router.resume(service)

    async def _list(self) -> dict[str, Any]:
        return self._router.describe()
