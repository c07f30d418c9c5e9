"""A folder that supports overlays, even where the machine's own root is an overlay."""

from __future__ import annotations

import shutil
from pathlib import Path

from fleet.errors import FleetError
from fleet.shell import must, run, works

_GIB = 1 << 30
_NEEDED = 5 * _GIB
_MEMORY = "kamalpy-fleet"
_TRY = """
set -eu; cd "$1"; mkdir lower upper work root; touch lower/file
mount -t overlay try -o lowerdir=lower,upperdir=upper,workdir=work root
rm root/file; mkdir root/folder; ln -s file root/folder/link; umount root
"""


def provide(directory: Path) -> None:
    """Ensure that the folder is on a file system that supports overlays; mount one if needed."""
    directory.mkdir(parents=True, exist_ok=True)
    if _suits(directory) and (_is_in_use(directory) or _free(directory) > _NEEDED):
        return
    if not (_mount_image(directory) or _mount_memory(directory)):
        raise FleetError(
            f"{directory} is on {_kind(directory)} with {_free(directory) // _GIB} GiB free, where "
            f"overlays of {_NEEDED // _GIB} GiB cannot be made, and neither a loop device nor "
            "memory was to be had; set KAMALPY_FLEET_DIR to a folder with more room on ext4 or xfs"
        )


def release(directory: Path) -> None:
    """Unmount the file system unless it is in use; an image file keeps its contents."""
    if works("mountpoint", "-q", directory):
        source = must("findmnt", "-n", "-o", "SOURCE", "--mountpoint", directory).strip()
        if source.startswith(("/dev/loop", _MEMORY)):
            run("umount", directory)


def image_of(directory: Path) -> Path:
    """Return the image file that is mounted on the folder where nothing else works."""
    return directory.with_name(f"{directory.name}.img")


def _is_in_use(directory: Path) -> bool:
    return (directory / "rootfs").exists()


def _free(directory: Path) -> int:
    return shutil.disk_usage(directory).free


def _suits(directory: Path) -> bool:
    trial = directory / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    trial.mkdir()
    suits = works("unshare", "--mount", "bash", "-c", _TRY, "try", trial)
    shutil.rmtree(trial, ignore_errors=True)
    return suits


def _mount_image(directory: Path) -> bool:
    image = image_of(directory)
    if not image.exists():
        if _free(directory) < _NEEDED:
            return False
        with image.open("wb") as file:
            file.truncate(8 * _NEEDED)
        if run("mkfs.ext4", "-q", "-F", image).returncode:
            image.unlink()
            return False
    if works("mount", "-o", "loop", image, directory):
        return _suits(directory)
    image.unlink()
    return False


def _mount_memory(directory: Path) -> bool:
    pages = must("grep", "MemAvailable", "/proc/meminfo").split()
    if int(pages[1]) * 1024 < _NEEDED:
        return False
    mounted = works("mount", "-t", "tmpfs", "-o", f"size={_NEEDED}", _MEMORY, directory)
    return mounted and _suits(directory)


def _kind(directory: Path) -> str:
    return must("stat", "--file-system", "--format=%T", directory).strip()
