"""Files that the proxy reads: own certificates, own error pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyinfra.api.hiddenvalue import HiddenValue

from kamalpy.commands import file
from kamalpy.commands.base import docker, quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError
from kamalpy.operations import valid
from kamalpy.operations.app.release import checked_app
from kamalpy.operations.base import Commands, changed_files, engine, operation, secret
from kamalpy.secrets import Secret
from kamalpy.spec.app import App
from kamalpy.spec.file import FileSpec


@operation()
def config(
    service: str,
    role: str = "web",
    destination: str | None = None,
    certificate: Secret | HiddenValue | None = None,
    private_key: Secret | HiddenValue | None = None,
    error_pages: str | None = None,
    version: str | None = None,
) -> Commands:
    """
    Ensure the files of a role that the proxy reads are present.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + certificate: PEM text of its own certificate and those above it
    + private_key: PEM text of the certificate's key
    + error_pages: folder on this machine with ``404.html``, ``5xx.html`` and the like
    + version: version that the error pages belong to

    Only the proxy's user can read the key; Kamal makes it readable for everybody.

    **Example:**

    .. code:: python

        proxy.config(
            name="Certificate", service="shop", certificate=Secret.of("CERT", pem),
            private_key=Secret.of("KEY", key_pem),
        )
    """
    app = checked_app(service, role, destination)
    pair = list(_pair(app, certificate, private_key))
    pages = list(_pages(app, error_pages, version))
    state = engine(StateQuery(paths=tuple(each.path for each in (*pair, *pages))))
    changed = changed_files(
        (*pair, *pages), state, f"what the proxy reads of {app.prefix} is there"
    )
    if not changed:
        return
    yield file.put(changed)
    if set(pair) & set(changed):
        inside = (each.path.replace(app.proxy_folder, app.folder_in_proxy) for each in pair)
        owner = ("exec", "--user", "0", "kamal-proxy", "chown", "kamal-proxy:")
        yield docker(*owner, *(quoted(path) for path in inside))


def _pair(
    app: App, certificate: Secret | HiddenValue | None, key: Secret | HiddenValue | None
) -> Iterator[FileSpec]:
    if (certificate is None) != (key is None):
        raise ArgumentError("certificate and private_key belong together; give both or neither")
    for argument, name, value in (
        ("certificate", "cert.pem", certificate),
        ("private_key", "key.pem", key),
    ):
        if value is not None:
            text = secret(argument, value).reveal().strip()
            if "-----BEGIN" not in text:
                raise ArgumentError(f"{argument}: holds no PEM text, which begins -----BEGIN")
            content = f"{text}\n".encode()
            yield FileSpec(path=f"{app.tls}/{name}", content=content, mode="0600", secret=True)


def _pages(app: App, folder: str | None, version: str | None) -> Iterator[FileSpec]:
    for path in pages_in(folder):
        valid.container("version", version or "")
        target = f"{app.error_pages(version or '')}/{path.name}"
        yield FileSpec(path=target, content=path.read_bytes(), mode="0644")


def pages_in(folder: str | None) -> list[Path]:
    """List the error pages in a folder of this machine: ``404.html``, ``502.html``."""
    if folder is None:
        return []
    return sorted(path for path in Path(folder).glob("[45]??.html") if path.is_file())
