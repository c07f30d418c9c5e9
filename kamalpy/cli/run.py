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
from kamalpy.cli.events import RunEnded  # noqa: E402
from kamalpy.cli.journal import VersionRecorder, journal  # noqa: E402
from kamalpy.cli.otel import otel  # noqa: E402
from kamalpy.cli.output import printer  # noqa: E402
from kamalpy.cli.settings import BuildOptions, settings, words  # noqa: E402
from kamalpy.config import Configuration  # noqa: E402
from kamalpy.connectors.hooks import version_of  # noqa: E402

LOCAL_DEPLOYS = ("build_push", "build_dev", "build_create", "build_remove")
"""Deploys on this machine alone."""


def run(command: str, deploy: str, build: BuildOptions | None = None, **arguments: Any) -> int:
    """Run a deploy by its name on all hosts in play, after a build on this machine."""
    options, begun = settings(), time.monotonic()
    output = printer(options)
    engine = Engine(options, output)
    try:
        config = engine.config
        if not options.dry:
            version = options.version or version_of(config)
            log = journal(config, " ".join(words()), options.quiet)
            output.add(log, otel(config, options.quiet), VersionRecorder(config, version))
        shared = {
            **({"image": options.image} if options.image else {}),
            "version": options.version,
            "skip_hooks": options.skip_hooks,
            "lock_wait": options.lock_wait_timeout if options.lock_wait else 0,
            "lock_interval": options.lock_wait_interval,
            "roles": engine.roles,
        }
        start = partial(getattr(deploys, deploy), **{**shared, **arguments})
        if deploy in LOCAL_DEPLOYS:
            return engine.run_here(command, start)
        first = None if build is None else partial(_build, config, build, shared)
        return engine.run(command, start, first)
    except PyinfraError as error:
        status, hint = errors.status_of(error), errors.hint(error, options)
        seconds = time.monotonic() - begun
        output.show(RunEnded(command, status, round(seconds, 3), why=(str(error),), next=hint))
        return status
    except Exception as error:
        hide_error(error)
        raise
    finally:
        output.close()


def config() -> Configuration:
    """Return the configuration that the command line selects."""
    options = settings()
    return Engine(options, printer(options)).config


def _build(config: Configuration, build: BuildOptions, shared: dict[str, Any]) -> None:
    if build.skip_push or not config.is_built:
        deploys.image_resolve(**shared)
        return
    deploys.build_push(no_cache=build.no_cache, only_missing=build.only_missing, **shared)
