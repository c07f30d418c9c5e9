"""What the registry has of the image to deploy: its digest, its platforms, its ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyinfra import logger

from kamalpy.config import Configuration
from kamalpy.deploys.project import Project
from kamalpy.secrets import Secret
from kamalpy.spec.route import Route

if TYPE_CHECKING:
    from kamalpy.registry import Manifest, Reference, Registry


@dataclass(frozen=True, slots=True)
class Delivery:
    """An image in its registry."""

    digest: str
    platforms: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    ports: tuple[str, ...] = ()
    size: int = 0
    """Bytes of the compressed layers of its first platform."""

    def fits(self, service: str, arches: tuple[str, ...]) -> bool:
        """Tell whether it is this service's, for these architectures; CI may have built it."""
        wanted = {f"linux/{each}" for each in arches}
        own = dict(self.labels).get("service", service) == service
        return own and wanted <= set(self.platforms)


def inspect(project: Project) -> Delivery | None:
    """Read the image to deploy from its registry; None where that has no such image."""
    from kamalpy.registry import Reference  # urllib takes long to import

    image = project.config.absolute_image
    reference = Reference.parse(image)
    registry = _registry(project, reference)
    manifest = registry.manifest(reference)
    if manifest is None:
        return None
    found = _delivery(registry, reference, manifest)
    project.run.deliveries[image] = found
    return found


def try_inspect(project: Project) -> Delivery | None:
    """Read the image to deploy; None as well where the registry cannot be read from here."""
    from kamalpy.registry import RegistryError

    try:
        return inspect(project)
    except RegistryError as error:
        logger.debug(str(error))
        return None


def check_ports(config: Configuration, delivery: Delivery) -> None:
    """Warn about an image that exposes other ports than the proxy sends requests to."""
    exposed = {port.partition("/")[0] for port in delivery.ports if not port.endswith("/udp")}
    for role in config.roles:
        port = (
            None if role.proxy is None else str(Route.from_section(role.proxy, config.service).port)
        )
        if port is None or not exposed or port in exposed:
            continue
        listed = " and ".join(sorted(exposed))
        logger.warning(
            f"{config.where('proxy')}: proxy/app_port: is {port}, but the image exposes {listed}; "
            f"set app_port, or EXPOSE {port} in the Dockerfile"
        )
        return


def _registry(project: Project, reference: Reference) -> Registry:
    """Reach the registry of an image, with the account of deploy.yml if that is for it."""
    from kamalpy.registry import Reference, Registry, is_insecure

    section = project.config.registry
    insecure = is_insecure(reference.host, project.config.environ)
    if reference.host != Reference.parse(f"{section.server or 'docker.io'}/image").host:
        return Registry(reference.host, insecure=insecure)
    username, password = (
        each.reveal() if isinstance(each, Secret) else each
        for each in (project.secret(section.username), project.secret(section.password))
    )
    return Registry(reference.host, username, password, insecure)


def _delivery(registry: Registry, reference: Reference, manifest: Manifest) -> Delivery:
    from kamalpy.registry import ImageConfig

    platforms = registry.platforms(reference, manifest)
    first = platforms[0] if platforms else ""
    config = registry.config(reference, manifest, first) or ImageConfig("")
    labels = tuple(config.labels.items())
    return Delivery(manifest.digest, platforms, labels, config.ports, config.size)
