"""kamal-proxy's image: the real one where available, else the stand-in."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from fleet import images
from fleet.control import Control
from fleet.errors import FleetError
from fleet.images import Image
from fleet.shell import must, run

NAME = "basecamp/kamal-proxy:v0.9.2"
#: Set it to the name of an image that this machine's Docker has, or to "stand-in".
VARIABLE = "KAMAL_PROXY_IMAGE"
LABEL = "kamalpy.stand-in"
_STANDIN = "stand-in"
_IDENTITY = ("docker", "image", "inspect", "--format", "{{.Id}}")


def provide(control: Control) -> str:
    """Ensure that the control machine's engine has the image; return a description of it."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted == _STANDIN:
        return _build(control)
    if wanted:
        return _copy(control, wanted) or _missing(wanted)
    return _copy(control, NAME) or _kept(control) or _pull(control) or _build(control)


def is_standin(control: Control) -> bool:
    """Return whether the image is the stand-in."""
    wanted = f'{{{{index .Config.Labels "{LABEL}"}}}}'
    return bool(control.must("docker", "image", "inspect", "--format", wanted, NAME).strip())


def _copy(control: Control, name: str) -> str:
    """Copy an image from this machine's own Docker engine."""
    if not shutil.which("docker"):
        return ""
    found = run(*_IDENTITY, name)
    if found.returncode:
        return ""
    if control.run(*_IDENTITY, NAME).stdout != found.stdout:
        _transfer(control, name)
    return f"{name} of this machine's Docker"


def _transfer(control: Control, name: str) -> None:
    with tempfile.TemporaryDirectory(dir=control.settings.directory) as folder:
        tar = Path(folder) / "image.tar"
        must("docker", "save", "--output", tar, name)
        control.must("docker", "load", stdin=tar)
    control.must("docker", "tag", name, NAME)


def _missing(name: str) -> str:
    raise FleetError(f"{VARIABLE}={name}: this machine's Docker has no such image; pull or load it")


def _kept(control: Control) -> str:
    """Return the choice of an earlier run, which holds until `fleet purge`."""
    if control.run("docker", "image", "inspect", "fleet:proxy").returncode:
        return ""
    control.must("docker", "tag", "fleet:proxy", NAME)
    return "the real one, pulled"


def _pull(control: Control) -> str:
    if control.run("timeout", "60", "docker", "pull", "--quiet", NAME).returncode:
        return ""
    control.must("docker", "tag", NAME, "fleet:proxy")
    return "the real one, pulled"


def _build(control: Control) -> str:
    folder = images.STANDIN
    standin = Image(NAME, folder, images.PYTHON, requirements=(folder / "requirements.txt",))
    images.build(control, standin)
    return "the stand-in of tests/testbed/kamal_proxy"
