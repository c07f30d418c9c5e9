"""Docker registries: logged in or not."""

from __future__ import annotations

import base64

from pyinfra.api.hiddenvalue import HiddenValue

from kamalpy.commands import registry
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation, secret
from kamalpy.secrets import Secret


@operation()
def login(
    username: str | Secret | HiddenValue, password: Secret | HiddenValue, server: str | None = None
) -> Commands:
    """
    Ensure the host is logged in to a registry.

    + username: user, or a secret with its name
    + password: secret: a reference to ``.kamal/secrets`` or ``HiddenValue(...)``
    + server: ``registry/server`` in deploy.yml, Docker Hub by default

    The password travels on standard input (Kamal gives it as an argument, which every process on
    the host can read). The stored login is compared by a digest, so that a rotated password is
    noticed.

    **Example:**

    .. code:: python

        registry.login(
            name="Log in to the registry",
            server="registry.example.com:5000",
            username="bot",
            password=HiddenValue(os.environ["REGISTRY_PASSWORD"]),
        )
    """
    user = username if isinstance(username, str) else secret("username", username).reveal()
    word = secret("password", password).reveal()
    if server is not None:
        valid.registry("server", server)
    valid.text("username", user)
    state = engine(StateQuery())
    login = base64.b64encode(f"{user}:{word}".encode())
    where = server or "Docker Hub"
    if state.logins.get(registry.name_in_config(server)) == state.digest(login):
        noop(f"logged in to {where}")
        return
    yield registry.login(server, user, word)


@operation()
def logout(server: str | None = None) -> Commands:
    """
    Ensure the host is logged out of a registry.

    + server: ``registry/server`` in deploy.yml, Docker Hub by default

    **Example:**

    .. code:: python

        registry.logout(name="Forget the registry", server="registry.example.com:5000")
    """
    if server is not None:
        valid.registry("server", server)
    if registry.name_in_config(server) not in observe(StateQuery()).logins:
        noop(f"not logged in to {server or 'Docker Hub'}")
        return
    yield registry.logout(server)
