"""The layers that machines are made of: Debian, what a plain server has, Docker, a registry."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from fleet import packages
from fleet.shell import must, persist

_SCRIPT = Path(__file__).parent / "scripts/layer.sh"


@dataclass(frozen=True, slots=True)
class Layer:
    """Packages and commands over another layer; the lowest one has nothing below."""

    name: str
    packages: str
    commands: str = ":"
    below: Layer | None = None
    suite: str = packages.SUITE
    variant: str = "minbase"

    @property
    def key(self) -> str:
        """Return a digest of the content."""
        origin = self.suite + self.variant.removeprefix("minbase")
        below = self.below.key if self.below else origin
        parts = [self.packages, self.commands, below, _SCRIPT.read_text()]
        return f"{self.name}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}"


BASE = Layer("base", "ca-certificates")
SERVER = Layer(
    "server",
    "openssh-server sudo iproute2 iptables procps curl",
    "rm /etc/ssh/ssh_host_*; useradd --create-home --shell /bin/bash --password '*' deploy; "
    "echo 'deploy ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/deploy",
    BASE,
)
_DOCKER_GROUP = "usermod --append --groups docker deploy"
ENGINE = Layer("engine", "docker.io", _DOCKER_GROUP, SERVER)
CONTROL = Layer("control", "docker-registry", below=ENGINE)
#: The docker and buildx of whoever builds, for this machine; Debian 12 has no buildx.
CLIENT = Layer("client", "docker-cli docker-buildx", suite="trixie", variant="extract")
SERVER_13 = Layer(
    "server13",
    SERVER.packages,
    SERVER.commands,
    Layer("base13", BASE.packages, suite="trixie"),
)
#: A server with Docker 26.1 and buildx, which Debian 12 does not have.
DEBIAN_13 = Layer("debian13", "docker.io docker-cli docker-buildx", _DOCKER_GROUP, SERVER_13)


def exists(directory: Path, layer: Layer) -> bool:
    """Return whether a layer exists."""
    return (directory / "rootfs" / layer.key).exists()


def build(directory: Path, layer: Layer) -> Path:
    """Ensure that a layer exists, and return the folder with its files."""
    home = directory / "rootfs" / layer.key
    if not exists(directory, layer):
        draft = home.with_name(f"{home.name}.draft")
        persist(lambda: _make(directory, draft, layer))
        draft.rename(home)
    return home / "new"


def stack(directory: Path, layer: Layer) -> list[Path]:
    """Ensure that a layer and all below it exist; the topmost first, as an overlay needs them."""
    below = stack(directory, layer.below) if layer.below else []
    return [build(directory, layer), *below]


def debs(directory: Path, layer: Layer) -> Path:
    """Return the folder of the packages of a layer."""
    build(directory, layer)
    return directory / "rootfs" / layer.key / "debs"


def _make(directory: Path, draft: Path, layer: Layer) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    _bootstrap(draft, layer) if layer.below is None else _install(directory, draft, layer)


def _bootstrap(draft: Path, layer: Layer) -> None:
    draft.mkdir(parents=True)
    must("mmdebstrap", "--quiet", "--mode=root", f"--variant={layer.variant}",
         f"--include={','.join(layer.packages.split())}",
         *packages.manners(), layer.suite, draft / "new",
         *packages.sources(layer.suite))  # fmt: skip


def _install(directory: Path, draft: Path, layer: Layer) -> None:
    lower = ":".join(str(path) for path in stack(directory, layer.below)) if layer.below else ""
    draft.mkdir(parents=True)
    must("unshare", "--mount", "bash", _SCRIPT, draft, lower, layer.packages, layer.commands)
