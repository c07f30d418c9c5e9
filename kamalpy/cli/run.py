"""From a command to the engine; importing this module imports pyinfra."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import time  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

from pyinfra.api.exceptions import PyinfraError  # noqa: E402

from kamalpy import deploys  # noqa: E402
from kamalpy._pyinfra import hide_error  # noqa: E402
from kamalpy.cli import errors  # noqa: E402
from kamalpy.cli.engine import Engine  # noqa: E402
from kamalpy.cli.events import Ends  # noqa: E402
from kamalpy.cli.journal import journal  # noqa: E402
from kamalpy.cli.mask_output import MaskedOutput  # noqa: E402
from kamalpy.cli.otel import otel  # noqa: E402
from kamalpy.cli.output import Output, Several, output  # noqa: E402
from kamalpy.cli.settings import Building, Settings, settings, words  # noqa: E402
from kamalpy.cli.versions import VersionRecorder  # noqa: E402
from kamalpy.config import Configuration  # noqa: E402
from kamalpy.connectors.hooks import version_of  # noqa: E402

LOCAL_DEPLOYS = ("build_push", "build_dev", "build_create", "build_remove")
"""Deploys on this machine alone."""


def run(command: str, deploy: str, build: Building | None = None, **arguments: Any) -> int:
    """Run a deploy by its name on all hosts in play, after a build on this machine."""
    options, begun = settings(), time.monotonic()
    shown = output(options)
    engine = Engine(options, MaskedOutput(shown))
    try:
        if not options.dry:
            recorders = _recorders(engine.config, options)
            engine.output = MaskedOutput(Several([shown, *recorders]))
        shared = {**_shared_arguments(options), "roles": engine.roles}
        act = partial(getattr(deploys, deploy), **{**shared, **arguments})
        if deploy in LOCAL_DEPLOYS:
            return engine.run_here(command, act)
        first = None if build is None else partial(_build, engine.config, build, shared)
        return engine.run(command, act, first)
    except PyinfraError as error:
        status, hint = errors.status_of(error), errors.hint(error, options)
        seconds = time.monotonic() - begun
        engine.output.show(Ends(command, status, round(seconds, 3), why=(str(error),), next=hint))
        return status
    except Exception as error:
        hide_error(error)
        raise
    finally:
        engine.output.close()


def _build(config: Configuration, build: Building, shared: dict[str, Any]) -> None:
    if build.skip_push or not config.is_built:
        deploys.image_resolve(**shared)
        return
    deploys.build_push(no_cache=build.no_cache, only_missing=build.only_missing, **shared)


def config() -> Configuration:
    """Return the configuration that the command line selects."""
    options = settings()
    return Engine(options, output(options)).config


def _shared_arguments(options: Settings) -> dict[str, Any]:
    return {
        **({"image": options.image} if options.image else {}),
        "version": options.version,
        "skip_hooks": options.skip_hooks,
        "lock_wait": options.lock_wait_timeout if options.lock_wait else 0,
        "lock_interval": options.lock_wait_interval,
    }


def _recorders(config: Configuration, options: Settings) -> list[Output]:
    """Return what records a command that changes servers."""
    found = (
        journal(config, " ".join(words()), options.quiet),
        otel(config, options.quiet),
        VersionRecorder(config, options.version or version_of(config)),
    )
    return [each for each in found if each is not None]
