"""Names of an app's containers, files and folders on a host, the same as Kamal's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class App:
    """A role of a service, for a destination or none."""

    service: str
    role: str = "web"
    destination: str | None = None

    @property
    def folder(self) -> str:
        """Name the service and destination, as folders on a host do."""
        return "-".join(filter(None, (self.service, self.destination)))

    @property
    def prefix(self) -> str:
        """Name the role without a version; the proxy calls it so."""
        return "-".join(filter(None, (self.service, self.role, self.destination)))

    def container(self, version: str) -> str:
        """Name the container of a version."""
        return f"{self.prefix}-{version}"

    @property
    def labels(self) -> dict[str, str]:
        """List the labels by which its containers are found."""
        return {
            "service": self.service,
            "role": self.role,
            "destination": self.destination or "",
        }

    @property
    def env_file(self) -> str:
        """Name the file of its secrets."""
        return f".kamal/apps/{self.folder}/env/roles/{self.role}.env"

    @property
    def releases(self) -> str:
        """Name the folder of the records of all releases."""
        return f".kamal/apps/{self.folder}/releases"

    def release(self, version: str) -> str:
        """Name the folder of one release's record and secrets."""
        return f"{self.releases}/{self.role}/{version}"

    @property
    def assets(self) -> str:
        """Name the folder of all assets."""
        return f".kamal/apps/{self.folder}/assets"

    def asset_volume(self, version: str, path: str, options: str | None = None) -> str:
        """Spell the mount of a version's assets over those of its image."""
        source = f"$PWD/{self.assets}/volumes/{self.role}-{version}"
        return ":".join(filter(None, (source, path, options)))

    @property
    def proxy_folder(self) -> str:
        """Name the folder that the proxy can read as well."""
        return f".kamal/proxy/apps-config/{self.folder}"

    def error_pages(self, version: str) -> str:
        """Name the folder of a version's own error pages."""
        return f"{self.proxy_folder}/error_pages/{version}"

    @property
    def tls(self) -> str:
        """Name the folder of the role's own certificate."""
        return f"{self.proxy_folder}/tls/{self.role}"

    @property
    def folder_in_proxy(self) -> str:
        """Name that folder as the proxy sees it."""
        return f"/home/kamal-proxy/.apps-config/{self.folder}"


def hostname(host: str) -> str:
    """Begin a container's hostname with its host's, as long as one may be."""
    return f"{host[:51].rstrip('.')}-"
