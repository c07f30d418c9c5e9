"""Where else a run is told: its log file, and the collector of ``output/otel``."""

from __future__ import annotations

from kamalpy.cli.deployed import Deployed
from kamalpy.cli.journal import journal
from kamalpy.cli.otel import Otel
from kamalpy.cli.output import Output
from kamalpy.cli.settings import Settings, words
from kamalpy.config import Configuration
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.hooks import version_of


def recorders(config: Configuration, settings: Settings) -> list[Output]:
    """Begin to record a command that changes servers."""
    written = journal(config, " ".join(words()), settings.quiet)
    sent = _otel(config, settings.quiet)
    noted = Deployed(config, settings.version or version_of(config))
    return [each for each in (written, sent, noted) if each is not None]


def _otel(config: Configuration, quiet: bool) -> Otel | None:
    endpoint = config.output.otel.endpoint if config.output and config.output.otel else None
    if endpoint is None:
        return None
    resource = {
        "service.namespace": config.service,
        "kamal.deploy_version": version_of(config),
        "kamal.performer": performer(),
        "deployment.environment.name": config.destination or "",
    }
    known = {name: value for name, value in resource.items() if value}
    return Otel(endpoint, known, config.service, quiet)
