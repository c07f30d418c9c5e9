"""The images of a fleet, built from Debian's packages and PyPI's wheels, without any registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fleet import context, rootfs
from fleet.control import Control
from fleet.rootfs import BASE, Layer
from fleet.shell import must

_HERE = Path(__file__).parent
EXAMPLE = _HERE.parents[2] / "examples" / "web"
STANDIN = _HERE.parent / "kamal_proxy"


@dataclass(frozen=True, slots=True)
class Image:
    """An image to build: a folder with a Dockerfile, its base image, and files to add."""

    name: str
    folder: Path
    below: Image | None = None
    layer: Layer | None = None
    requirements: tuple[Path, ...] = ()
    options: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Return a digest of the build context."""
        below = self.below.key if self.below else BASE.key
        layer = self.layer.key if self.layer else ""
        return context.digest([below, layer, self._wanted(), *self.options], self.folder)

    def wheels(self, directory: Path) -> Path | None:
        """Download the wheels that the Dockerfile expects in its folder `wheels`."""
        return context.wheels(directory, self._wanted()) if self.requirements else None

    def _wanted(self) -> str:
        return "".join(file.read_text() for file in self.requirements)


PYTHON = Image(
    "python:3.11",
    _HERE / "images/python",
    layer=Layer("python", "python3 python3-pip python3-venv", below=BASE),
    requirements=(EXAMPLE / "requirements.txt",),
)
POSTGRES = Image(
    "postgres:15",
    _HERE / "images/postgres",
    layer=Layer(
        "postgres",
        "postgresql-15 gosu",
        # Its own cluster is not wanted: the entrypoint makes one.
        "rm -rf /var/lib/postgresql/15 /etc/postgresql/15",
        below=BASE,
    ),
)


def app(version: str, service: str = "test", name: str = "acme/test", fault: str = "") -> Image:
    """Describe a version of the sample app; see app/faults.py there for what may go wrong."""
    words = ("--build-arg", f"VERSION={version}", "--label", f"service={service}")
    good = Image(f"{name}:{version}", EXAMPLE, below=PYTHON, options=words)
    if not fault:
        return good
    words = ("--build-arg", f"APP={good.name}", "--build-arg", f"FAULT={fault}")
    return Image(good.name, _HERE / "images/faulty", below=good, options=words)


def build(control: Control, image: Image) -> str:
    """Ensure that the control machine's engine has an image, and return its name."""
    if not image.below:
        _import_base(control)
    else:
        build(control, image.below)
    once(control, image.key, image.name, lambda tag: _build(control, image, tag))
    return image.name


def once(control: Control, key: str, name: str, make: Callable[[str], object]) -> None:
    """Tag an image; build it first, unless it exists."""
    tag = f"fleet:{key}"
    if control.run("docker", "image", "inspect", tag).returncode:
        make(tag)
    control.must("docker", "tag", tag, name)


def push(control: Control, image: str) -> str:
    """Push an image to the registry, and return its name there."""
    hosted = control.registry.hosted(image)
    control.must("docker", "tag", image, hosted)
    push = ("docker", "push", "--quiet", hosted)
    # Debian's registry sometimes denies a layer that it has just taken in.
    if control.run(*push).returncode:
        control.must(*push)
    return hosted


def _build(control: Control, image: Image, tag: str) -> None:
    directory = control.settings.directory
    layer = rootfs.build(directory, image.layer) if image.layer else None
    draft = directory / "builds" / image.key
    tar = context.assemble(draft, image.folder, layer, image.wheels(directory))
    control.must(
        "docker", "build", "--network", "none", "--tag", tag, *image.options, "-", stdin=tar
    )
    must("rm", "-r", draft, tar)


def _import_base(control: Control) -> None:
    directory = control.settings.directory
    once(control, BASE.key, "debian:bookworm", lambda tag: _import(control, directory, tag))


def _import(control: Control, directory: Path, tag: str) -> None:
    drafts = directory / "builds"
    drafts.mkdir(exist_ok=True)
    tar = context.pack(rootfs.build(directory, BASE), drafts / "base.tar")
    control.must("docker", "import", "--change", 'CMD ["bash"]', "-", tag, stdin=tar)
    tar.unlink()
