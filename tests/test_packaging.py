"""What is on disk, what is in the wheel, and what is installed are the same."""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution, entry_points
from importlib.util import find_spec
from pathlib import Path

import pytest

import kamalpy

ROOT = Path(__file__).parents[1]
DATA = (".sh", ".rb", ".json", ".yml", ".sample", ".txt", ".typed")


def on_disk() -> Iterator[str]:
    """List the files that belong to the package, as it spells them; operations through its link."""
    for folder, name in (
        (ROOT / "kamalpy", "kamalpy"),
        (ROOT / "operations", "kamalpy/operations"),
    ):
        for path in folder.rglob("*"):
            below = path.relative_to(folder)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in below.parts)
            linked = name == "kamalpy" and below.parts[:1] == ("operations",)
            if path.suffix in (".py", *DATA) and not hidden and not linked:
                yield f"{name}/{below}"


FILES = sorted(on_disk())
MODULES = [
    path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for path in FILES
    if path.endswith(".py")
]


def test_the_link_is_one() -> None:
    assert (ROOT / "kamalpy/operations").is_symlink()
    assert (ROOT / "kamalpy/operations").readlink() == Path("../operations")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported(module: str) -> None:
    if module == "kamalpy.__main__":
        assert find_spec(module) is not None
    else:
        importlib.import_module(module)


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.rpartition("/")[0] for path in FILES if path.endswith(".py")}

    assert {folder for folder in folders if f"{folder}/__init__.py" not in FILES} == set()


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".py")])
def test_nothing_that_is_shipped_asserts(path: str) -> None:
    """``python -O`` leaves assertions out, and nobody sees what they would have said."""
    tree = ast.parse((ROOT / path).read_text())

    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


def test_pyinfra_finds_the_connector() -> None:
    (found,) = entry_points(group="pyinfra.connectors", name="kamal")

    assert found.value == "kamalpy.connectors.kamal:KamalConnector"
    assert found.load().handles_execution


def test_the_version_is_written_once() -> None:
    assert kamalpy.__version__ == distribution("kamalpy").version


def installed() -> list[str]:
    """List what a real installation has of the package; an editable one has nothing."""
    names = map(str, distribution("kamalpy").files or ())
    return [name for name in names if ".dist-info" not in name and "__pycache__" not in name]


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Leave out what is no source; operations/build is one."""
    patterns = [".*", "__pycache__", "*.egg-info", "*.whl"]
    patterns += ["build", "dist"] if Path(folder) == ROOT else []
    return shutil.ignore_patterns(*patterns)(folder, names)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist from a copy of the sources, and the wheel from the sdist."""
    if find_spec("build") is None or find_spec("setuptools") is None:
        pytest.skip("there is no build or setuptools here; tox builds both before it begins")
    folder = tmp_path_factory.mktemp("dist")
    source = folder / "source"
    shutil.copytree(ROOT, source, symlinks=True, ignore=_ignored)
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    return folder


def in_wheel(built: Path) -> list[str]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def in_sdist(built: Path) -> list[str]:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def test_the_wheel_has_the_package_and_nothing_else(built: Path) -> None:
    files = [name for name in in_wheel(built) if ".dist-info/" not in name]

    assert sorted(files) == FILES


def test_the_wheel_is_for_every_machine(built: Path) -> None:
    (wheel,) = built.glob("*.whl")

    assert wheel.name == f"kamalpy-{kamalpy.__version__}-py3-none-any.whl"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in in_wheel(built))


def test_the_sdist_has_what_it_takes_to_test_it(built: Path) -> None:
    names = set(in_sdist(built))

    wanted = {"setup.cfg", "pyproject.toml", "tox.ini", "ruff.toml", "LICENSE", "README.md"}
    assert wanted - names == set()
    assert {"tests/test_packaging.py", "operations/lock.py", "kamalpy/operations/lock.py"} <= names
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.skipif(
    "kamalpy/__init__.py" not in installed(), reason="installed to be edited: nothing was copied"
)
def test_what_is_installed_is_what_is_on_disk() -> None:
    assert sorted(name for name in installed() if not name.startswith("../")) == FILES
