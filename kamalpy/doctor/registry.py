"""The registry: whether the account may log in, fetch the image, and push it."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.config import Configuration
from kamalpy.config.registry import SecretName
from kamalpy.doctor.finding import Finding, ok, problem, warning
from kamalpy.errors import KamalpyError, SecretError
from kamalpy.registry import (
    Reference,
    Registry,
    RegistryDeniedError,
    RegistryError,
    RegistryTLSError,
    is_insecure,
)
from kamalpy.secrets import Secrets


def check(config: Configuration, secrets: Secrets) -> Iterator[Finding]:
    """Report whether login, fetching and pushing work; by HTTP, without Docker."""
    name = config.registry.server or "Docker Hub"
    if config.registry.local:
        yield ok(name, "a registry of this machine, which knows no password")
        return
    try:
        yield from _access(_registry(config, secrets), config, name)
    except SecretError as error:
        yield problem(name, f"is not checked: {error}", "see the secrets above")
    except RegistryTLSError as error:
        how = "give it a certificate, or list it under insecure-registries of Docker"
        yield warning(name, f"is not checked: {_reason(error)}", how)
    except RegistryError as error:
        yield problem(name, _reason(error), "check registry/server")


def _access(registry: Registry, config: Configuration, name: str) -> Iterator[Finding]:
    image = Reference.parse(config.repository)
    try:
        registry.log_in(image)
    except RegistryDeniedError:
        how = "check registry/username and the password's secret; a token may have expired"
        yield problem(name, f"refuses the login of {registry.username}", how)
        return
    yield ok(name, f"login as {registry.username} works")
    yield _image(registry, config)
    if config.builder is None:
        return
    if registry.may_push(image):
        yield ok(name, "pushing is allowed")
    else:
        how = "give the token the right to write, or create the repository"
        yield problem(name, f"refuses a push to {image.repository}", how)


def _image(registry: Registry, config: Configuration) -> Finding:
    try:
        image = config.absolute_image
    except KamalpyError as error:
        return warning(config.repository, f"no version: {error}", "commit, or give --version")
    if registry.has(Reference.parse(image)):
        return ok(image, "is there")
    if config.builder is not None:
        return ok(image, "is not there yet; kamalpy setup and deploy build and push it")
    return problem(image, "is not there", "check image and its tag")


def _registry(config: Configuration, secrets: Secrets) -> Registry:
    username, password = (
        secrets.value(word.name) if isinstance(word, SecretName) else str(word)
        for word in (config.registry.username, config.registry.password)
    )
    host = Reference.parse(config.repository).host
    return Registry(host, username, password, is_insecure(host, config.environ))


def _reason(error: RegistryError) -> str:
    """Leave out the host, which is the subject of the finding."""
    return str(error).partition(": ")[2]
