"""Building the image on this machine, or from it on a remote builder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pyinfra.api.hiddenvalue import HiddenValue

from kamalpy._pyinfra import local_call
from kamalpy.commands.build import Build
from kamalpy.commands.builder import MISSING, Buildx
from kamalpy.config import Builder, Registry
from kamalpy.errors import ArgumentError, BuildError
from kamalpy.operations import valid
from kamalpy.operations.base import (
    Commands,
    SecretValues,
    announce,
    noop,
    operation,
    secret,
    secrets_of,
)
from kamalpy.operations.build.clone import Clone
from kamalpy.operations.build.diagnosis import explain
from kamalpy.operations.build.process import Finished, check_tools, run, run_with_registry
from kamalpy.operations.build.tunnel import reverse_tunnel
from kamalpy.secrets import Secret


@operation()
def image(
    image: str,
    latest: str,
    service: str,
    builder: Builder,
    server: str | None = None,
    machine: str = "amd64",
    secrets: SecretValues | None = None,
    environ: Mapping[str, str] | None = None,
    root: str = ".",
    output: str = "registry",
    no_cache: bool = False,
    exists: bool = False,
) -> Commands:
    """
    Build an image and push it; for the host ``@local``.

    + image: name with the version as its tag, its registry before it
    + latest: the second name
    + service: value of the label ``service``
    + builder: ``builder`` in deploy.yml
    + server: ``registry/server`` in deploy.yml
    + machine: architecture of this machine's Docker
    + secrets: values for ``builder/secrets``, by name
    + environ: variables that the build gets as well, for ``args`` without a value
    + root: folder of the project
    + output: ``registry`` pushes, ``docker`` loads it into this machine's Docker
    + no_cache: use no layer of an earlier build
    + exists: whether the registry has the image already, so that there is nothing to build

    Secrets reach the build through the environment of docker alone, never as arguments.

    **Example:**

    .. code:: python

        build.image(
            name="Build and push",
            image="ghcr.io/acme/blog:v2",
            latest="ghcr.io/acme/blog:latest",
            service="blog",
            builder=Builder.model_validate({"arch": "amd64"}),
        )
    """
    valid.image(image)
    valid.image(latest, "latest")
    _check(builder)
    known = secrets_of(secrets)
    if exists:
        noop(f"image {image} exists: nothing to build")
        return
    port = Registry(server).port
    buildx = Buildx.of(builder, machine, port is not None)
    build = Build(image, latest, service, builder, buildx, server, output, no_cache)

    def call() -> bool:
        revealed = {name: each.reveal() for name, each in known.items()}
        if buildx.kind != "pack":
            check_tools()
        folder = source(Path(root), service, builder)
        prepare(buildx)
        env = {**(environ or {}), **build.env(), **revealed}
        with _tunnel(buildx, port):
            for words in build.commands():
                done = run_with_registry(words, folder, env, line=announce)
                if done.status:
                    raise BuildError(explain(done.text))
        return True

    yield local_call(call)


@operation(is_idempotent=False)
def create(builder: Builder, machine: str = "amd64", local_registry: bool = False) -> Commands:
    """
    Create the buildx builder; for the host ``@local``.

    + builder: ``builder`` in deploy.yml
    + machine: architecture of this machine's Docker
    + local_registry: whether it has to reach a registry on this machine

    **Example:**

    .. code:: python

        build.create(name="Create the builder", builder=Builder.model_validate({"arch": "amd64"}))
    """
    _check(builder)
    buildx = Buildx.of(builder, machine, local_registry)
    if not buildx.create():
        noop(f"driver {builder.driver}: no builder to create")
        return
    yield local_call(lambda: _create(buildx))


@operation(is_idempotent=False)
def remove(builder: Builder, machine: str = "amd64", local_registry: bool = False) -> Commands:
    """
    Remove the buildx builder; for the host ``@local``.

    + builder: ``builder`` in deploy.yml
    + machine: architecture of this machine's Docker
    + local_registry: whether it was created to reach a registry on this machine

    **Example:**

    .. code:: python

        build.remove(name="Remove the builder", builder=Builder.model_validate({"arch": "amd64"}))
    """
    _check(builder)
    buildx = Buildx.of(builder, machine, local_registry)
    if not buildx.remove():
        noop(f"driver {builder.driver}: no builder to remove")
        return

    def call() -> bool:
        return all(done.check() for done in [run(each) for each in buildx.remove()])

    yield local_call(call)


@operation(is_idempotent=False)
def login(
    username: str | Secret | HiddenValue,
    password: Secret | HiddenValue,
    server: str | None = None,
) -> Commands:
    """
    Log in to a registry on this machine; for the host ``@local``.

    + username: user
    + password: secret: a reference to ``.kamal/secrets`` or ``HiddenValue(...)``
    + server: ``registry/server`` in deploy.yml, Docker Hub by default

    The password travels on standard input.

    **Example:**

    .. code:: python

        build.login(name="Log in", username="bot", password=HiddenValue(os.environ["REGISTRY_PASSWORD"]))
    """
    if server is not None:
        valid.registry("server", server)
    known = secret("password", password)
    user = username if isinstance(username, str) else secret("username", username).reveal()

    def call() -> bool:
        check_tools()
        words = ["docker", "login", f"--username={user}", "--password-stdin"]
        words += [server] if server else []
        done = run_with_registry(words, stdin=known.reveal())
        if done.status:
            where = server or "Docker Hub"
            hint = "check registry/server, username and password in deploy.yml"
            raise BuildError(
                f"{where}: this machine cannot log in\n{done.text.strip()}\nTry: {hint}"
            )
        return True

    yield local_call(call)


def _tunnel(buildx: Buildx, port: int | None) -> AbstractContextManager[None]:
    """Let a remote builder reach the registry on this machine, where images go there."""
    if port is None or not buildx.is_remote or buildx.remote is None:
        return nullcontext()
    return reverse_tunnel(buildx.remote, port)


def _check(builder: Builder) -> None:
    """Refuse what docker would take for an option."""
    for key, value in (("driver", builder.driver), ("context", builder.context)):
        if value is not None and valid.text(key, value).startswith("-"):
            raise ArgumentError(f"{key}: {value!r} begins with a dash, as an option does")


def source(root: Path, service: str, builder: Builder) -> Path:
    """Find the folder to build in: a clean clone, or the project where ``context`` is set."""
    clone = Clone.of(root, service) if builder.context is None else None
    folder = root if clone is None else clone.prepare()
    if builder.pack is None and not (folder / builder.dockerfile).is_file():
        is_new = clone is not None and (root / builder.dockerfile).is_file()
        fix = "commit it" if is_new else "add it, or set builder/dockerfile in deploy.yml"
        raise BuildError(f"{builder.dockerfile}: is not in {folder}; {fix}")
    return folder


def prepare(buildx: Buildx) -> None:
    """Ensure that the builder exists and is the one that deploy.yml describes."""
    for words, pattern in buildx.inspect():
        found = run(words)
        if not found.status and not any(
            re.search(pattern, line) for line in found.text.splitlines()
        ):
            found = Finished(found.words, 1, "no compatible builder")
        if not found.status:
            continue
        if not MISSING.search(found.text):
            found.check()
        announce("The builder does not exist yet: creating it")
        for each in buildx.remove():
            run(each)
        _create(buildx)
        return


def _create(buildx: Buildx) -> bool:
    for words in buildx.create():
        run(words).check()
    return True
