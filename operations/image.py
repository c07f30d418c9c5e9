"""Images of a host."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy._pyinfra.tunnel import through_tunnel
from kamalpy.commands import image as _image
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.audit import Audit
from kamalpy.spec.state import familiar


@operation()
def pull(
    image: str,
    always: bool = False,
    audit: Audit | None = None,
    remedy: str = "",
    digest: str | None = None,
    platforms: Sequence[str] = (),
    tunnel: int | None = None,
    size: int = 0,
) -> Commands:
    """
    Ensure an image is present.

    + image: name with a tag or digest, its registry before it
    + always: pull it even if it is present, since its tag may have moved
    + audit: records the change in the audit log; None records nothing
    + remedy: how to fix it if the image cannot be pulled
    + digest: content that the tag stands for in the registry, ``sha256:...``
    + platforms: platforms that the image is built for, ``linux/amd64``; all by default
    + tunnel: port of a registry on this machine, ``localhost:PORT`` in the image's name, that the
      host reaches over its SSH connection while it pulls
    + size: bytes of the image's layers, for the progress through the tunnel; 0 if unknown

    An image of that name, and with that digest, is left alone; Kamal removes and pulls it each
    time.

    **Example:**

    .. code:: python

        image.pull(name="Fetch Postgres", image="postgres:15")
    """
    valid.image(image)
    state = engine(StateQuery(images=(image,)))
    valid.platform(image, platforms, state.machine)
    present = state.image(image)
    if present is not None and present.is_content(digest) and not always:
        noop(f"image {image} is there")
        return
    text = f"Pulled image with version {familiar(image).rpartition(':')[2]}"
    command = _image.pull(image, Event.from_audit(audit, text), remedy, digest)
    yield command if tunnel is None else through_tunnel(command, tunnel, size)
    if present is not None:  # containers of the old content run an image without this name now
        forget()


@operation()
def tag(image: str, tag: str) -> Commands:
    """
    Ensure an image has another name.

    + image: an image that is present
    + tag: the full new name

    **Example:**

    .. code:: python

        image.tag(name="Call it the latest", image="acme/blog:v2", tag="acme/blog:latest")
    """
    valid.image(image)
    valid.image(tag, "tag")
    state = engine(StateQuery(images=(image, tag)))
    present, named = state.image(image), state.image(tag)
    if present is not None and named is not None and present.id == named.id:
        noop(f"{tag} is {image}")
        return
    yield _image.tag(image, tag)


@operation()
def absent(image: str, audit: Audit | None = None) -> Commands:
    """
    Ensure an image is absent.

    + image: name with a tag or digest
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        image.absent(name="Drop the old image", image="acme/blog:v1")
    """
    valid.image(image)
    if engine(StateQuery(images=(image,))).image(image) is None:
        noop(f"image {image} is not there")
        return
    yield _image.remove([image], Event.from_audit(audit, f"Removed image {image}"))
    forget()
