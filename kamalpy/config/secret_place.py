"""``x-kamalpy/secrets``: whether secrets are variables of a container, or files in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Tag, WithJsonSchema

from kamalpy.config.draft import Draft, as_dict
from kamalpy.config.faults import Fault, wrong_value
from kamalpy.config.kinds import Text, one_of
from kamalpy.config.section import Section
from kamalpy.reference.spelling import meant

PLACES = ("env", "files", "file_variables")
_SCHEMA = {"enum": list(PLACES)}


def _place(value: Any) -> str:
    if value in PLACES:
        return str(value)
    raise wrong_value("should be env, files or file_variables")


Place = Annotated[
    Literal["env", "files", "file_variables"], BeforeValidator(_place), WithJsonSchema(_SCHEMA)
]


class SecretPlace(Section):
    """Where the secrets of one role or accessory are: a word, or a hash to say whose they are."""

    shapes = ("a string or a hash", 'write it like "files"')
    forms = (_SCHEMA,)

    place: Place = "files"
    owner: Text | None = None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Take a word for the place."""
        return {"place": raw} if isinstance(raw, str) else raw


SecretPlaces = Annotated[
    Annotated[Place, Tag("<all>")] | Annotated[dict[str, SecretPlace], Tag("<each>")],
    one_of("a string or a hash", word="<all>", hash="<each>"),
]


def place_of(places: str | Mapping[str, SecretPlace], name: str) -> SecretPlace:
    """Find where the secrets of a role or accessory are."""
    if isinstance(places, Mapping):
        return places.get(name, SecretPlace(place="env"))
    return SecretPlace.model_validate(places)


def secret_faults(draft: Draft) -> Iterator[Fault]:
    """Insist on roles and accessories that exist."""
    known = [role.name for role in draft.roles()]
    known += [name for name, _ in draft.accessories()]
    for name in as_dict(as_dict(draft.raw.get("x-kamalpy")).get("secrets")):
        if name not in known:
            what = "names neither a role nor an accessory"
            yield Fault(what, meant(name, known), ("x-kamalpy", "secrets", name))
