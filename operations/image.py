"""Images of a host."""

from __future__ import annotations

from kamalpy.commands import image as _image
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.state import familiar


@operation()
def pull(
    image: str,
    always: bool = False,
    text: str | None = None,
    service: str | None = None,
    destination: str | None = None,
    performer: str | None = None,
    remedy: str = "",
) -> Commands:
    """
    Have an image.

    + image: name with a tag or digest, its registry before it
    + always: fetch it even if it is there, since its tag may have moved
    + text: what the audit log is to say; by default that the version was pulled
    + service: whose audit log is written, if ``performer`` is given
    + destination: that log's destination
    + performer: who does it, for the audit log
    + remedy: what to say if it cannot be had

    An image that is there by that name is left alone; Kamal removes and fetches it each time.

    **Example:**

    .. code:: python

        image.pull(name="Fetch Postgres", image="postgres:15")
    """
    valid.image(image)
    if engine(StateQuery(images=(image,))).image(image) is not None and not always:
        noop(f"image {image} is there")
        return
    said = text or f"Pulled image with version {familiar(image).rpartition(':')[2]}"
    yield _image.pull(image, Event.of(said, service, performer, destination), remedy)


@operation()
def tag(image: str, tag: str) -> Commands:
    """
    Have one more name for an image.

    + image: image that is there
    + tag: the whole new name

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
def absent(
    image: str,
    text: str = "",
    service: str | None = None,
    destination: str | None = None,
    performer: str | None = None,
) -> Commands:
    """
    Have no image of a name.

    + image: name with a tag or digest
    + text: what the audit log is to say
    + service: whose audit log is written, if ``performer`` is given
    + destination: that log's destination
    + performer: who does it, for the audit log

    **Example:**

    .. code:: python

        image.absent(name="Drop the old image", image="acme/blog:v1")
    """
    valid.image(image)
    if engine(StateQuery(images=(image,))).image(image) is None:
        noop(f"image {image} is not there")
        return
    yield _image.remove([image], Event.of(text, service, performer, destination))
    forget()
