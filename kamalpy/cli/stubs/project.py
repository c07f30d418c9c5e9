"""The files of a project: written where they are missing, added to where they exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from kamalpy.cli.settings import Settings
from kamalpy.cli.stubs import additions, texts
from kamalpy.cli.stubs.detection import Detected
from kamalpy.cli.stubs.frameworks import FROM_FILE, HOST
from kamalpy.reference import SCHEMA

SECRETS = ".kamal/secrets"
_HOOKS = ".kamal/hooks"


@dataclass(frozen=True, slots=True)
class File:
    """A file, and what is added to it if it exists; no text where nothing can be added."""

    path: str
    text: str
    is_program: bool = False
    added: tuple[str, ...] = ()


@dataclass
class Project:
    """The project in this folder."""

    settings: Settings
    accessories: Sequence[str]
    with_pyinfra: bool = False
    detected: Detected = field(default_factory=lambda: Detected.in_folder(Path.cwd()))

    def __post_init__(self) -> None:
        file = Path(self.settings.config_file)
        if file.is_file():
            text = file.read_text(errors="replace")
            self.detected = additions.named_in(text, self.detected)

    def write(self) -> Iterator[str]:
        """Write what is missing, and report what was detected, written, added and left."""
        wanted = list(self._files())
        new = [each for each in wanted if not Path(each.path).exists()]
        existing = [each for each in wanted if each not in new]
        updated = [self._with_additions(each) for each in existing]
        added = [each for each in updated if each.added and each.text]
        for each in () if self.settings.dry else [*new, *added]:
            _write(each)
        secrets = texts.generated_secrets(self.detected, self.accessories)
        generated = texts.generate(secrets, dry=self.settings.dry)
        if self.settings.quiet:
            return
        unchanged = [each for each in updated if each not in added]
        yield from self._report(new, added, unchanged, generated)
        yield from self._by_hand(existing, [each for each in unchanged if each.added])
        names = [each.path for each in new]
        yield from next_steps(self.detected, self.settings.config_file, self.accessories, names)

    def _files(self) -> Iterator[File]:
        file = self.settings.config_file
        yield File(file, texts.deploy_yml(self.detected, self.accessories))
        yield File(".kamal/deploy.schema.json", SCHEMA.read_text())
        yield File(SECRETS, texts.secrets(self.detected, self.accessories))
        for name in texts.HOOKS:
            sample = f"{name}.sample"
            yield File(f"{_HOOKS}/{sample}", texts.read_stub(sample), is_program=True)
        if self.with_pyinfra:
            yield File("inventory.py", f'hosts = ["@kamal/{file}"]\n')
            yield File("deploy.py", "from kamalpy import deploys\n\ndeploys.setup()\n")

    def _with_additions(self, file: File) -> File:
        """Find what an existing file lacks."""
        adding = {
            self.settings.config_file: additions.add_accessories,
            SECRETS: additions.add_secrets,
        }
        if file.path not in adding:
            return file
        text = Path(file.path).read_text(errors="replace")
        addition = adding[file.path](text, self.detected, self.accessories)
        is_refused = addition.text is None and bool(self.accessories)
        added = addition.added or (("accessories",) if is_refused else ())
        return replace(file, text=addition.text or "", added=added)

    def _report(
        self,
        new: Sequence[File],
        added: Sequence[File],
        unchanged: Sequence[File],
        generated: Sequence[str],
    ) -> Iterator[str]:
        would = "would be " if self.settings.dry else "is "
        framework, health = self.detected.framework, self.detected.health
        if framework.name:
            check = f", health check {health}" if health else ""
            yield f"Detected {framework.name}: port {self.detected.port or framework.port}{check}"
        yield from _each(new, f"{would}written")
        have = "would have " if self.settings.dry else ""
        for each in added:
            yield f"{each.path}: {have}added {', '.join(each.added)}"
        yield from _each(unchanged, "is there and left as it is")
        if generated:
            yield f"{SECRETS}.enc: {have}generated and encrypted {', '.join(generated)}"
        if generated and not self.settings.dry:
            yield f"{SECRETS}.key: keep a copy of this key, without it the values are gone"

    def _by_hand(self, existing: Sequence[File], refused: Sequence[File]) -> Iterator[str]:
        """Show what has to be written by hand."""
        file = self.settings.config_file
        if any(each.path == file for each in refused):
            for name in self.accessories:
                yield f'\nAdd this below "accessories" in {file}:\n'
                yield texts.section(self.detected, name).rstrip("\n")
        for each in existing:
            if each.path.endswith(".py") and Path(each.path).read_text() != each.text:
                yield f"\n{each.path} would be:\n\n{each.text}".rstrip("\n")


def _write(file: File) -> None:
    """Write a new file, or one with additions."""
    path = Path(file.path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if file.added else "x") as opened:
            opened.write(file.text)
        if file.is_program:
            path.chmod(0o755)
    except OSError as error:
        raise click.ClickException(f"{file.path}: cannot be written ({error.strerror})") from None


def _each(files: Sequence[File], what: str) -> Iterator[str]:
    hooks = [each for each in files if each.is_program]
    yield from (f"{each.path} {what}" for each in files if each not in hooks)
    if hooks:
        yield f"{_HOOKS}/*.sample {what} ({len(hooks)} samples)"


def next_steps(
    detected: Detected, file: str, accessories: Sequence[str], new: Sequence[str]
) -> Iterator[str]:
    """List the steps; ``new`` are the files that did not exist before."""
    framework = detected.framework
    yield "\nNext:"
    if file in new:
        yield f"  - in {file}, write your image, servers, host name and registry"
        if HOST in "".join(framework.clear.values()):
            yield f"  - the host name is in env, too: replace {HOST} everywhere"
        if detected.port is None:
            usual = f"; {framework.name} apps usually listen on {framework.port}"
            port = "and app_port: there is no Dockerfile with EXPOSE to read it from"
            yield f"  - {port}{usual if framework.name else ''}"
    if not Path("Dockerfile").is_file():
        yield "  - write a Dockerfile, from which the image is built"
    if detected.health is None:
        yield "  - add a route GET /up that answers with 200, or write proxy/healthcheck/path"
    yield "  - export KAMAL_REGISTRY_PASSWORD=..., a token of the registry that may read and write"
    for name in framework.secrets:
        source = FROM_FILE.get(name, "").removeprefix("$(cat ").removesuffix(")")
        if source and not Path(source).is_file():
            yield f"  - {name} is read from {source}: create that file"
    yield "  - kamalpy doctor --offline checks what goes wrong on first deploys"
    yield "  - commit: the image is built from the last commit"
    yield "  - kamalpy setup --dry shows what would happen, kamalpy setup does it"
    if framework.migrate and "postgres" in accessories:
        yield f"  - kamalpy app exec --primary '{framework.migrate}' migrates the database"
