"""What deploy.yml may say and a deploy does not do yet: it must not be ignored silently."""

from __future__ import annotations

from pyinfra import logger

from kamalpy.config import Configuration
from kamalpy.deploys.run import Run
from kamalpy.errors import DeployError


def check(run: Run, config: Configuration) -> None:
    """Refuse what would make a deploy another one, and report what else has no effect."""
    if config.kamalpy.proxy != "kamal-proxy":
        raise DeployError(
            f"{config.where('x-kamalpy', 'proxy')}: x-kamalpy/proxy: {config.kamalpy.proxy} cannot "
            "be deployed to yet; leave it out, and kamal-proxy routes the traffic"
        )
    for each in config.accessories:
        if each.proxy is not None and each.proxy.custom_certificate:
            path = ("accessories", each.name, "proxy", "ssl")
            raise DeployError(
                f"{config.where(*path)}: {'/'.join(path)}: an own certificate is only served for "
                'roles yet; write "ssl: true" for one of Let\'s Encrypt'
            )
    if config.output is not None and run.command.program == "pyinfra":
        logger.warning(
            f"{config.where('output')}: output: has no effect here, pyinfra writes its own log; "
            "kamalpy deploy writes this one"
        )
