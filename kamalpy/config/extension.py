"""``x-kamalpy``: features beyond Kamal, which ignores the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Tag, WithJsonSchema

from kamalpy.config.draft import Draft, as_dict
from kamalpy.config.faults import Fault, wrong_value
from kamalpy.config.kinds import Flag, Text, Whole, one_of
from kamalpy.config.proxy_options import EXTENSION, with_options
from kamalpy.config.section import Section
from kamalpy.reference.spelling import did_you_mean

Place: TypeAlias = Literal["env", "files", "file_variables"]


def _verifier(value: Any) -> str:
    if isinstance(value, str) and value.split()[:1] == ["cosign"]:
        return str(value)
    raise wrong_value("should be cosign, with its options if it needs any")


Verifier = Annotated[
    str, BeforeValidator(_verifier), WithJsonSchema({"type": "string", "pattern": "^cosign( |$)"})
]


class SecretPlace(Section):
    """Where the secrets of one role or accessory are: a word, or a hash with an owner."""

    shapes = ("a string or a hash", 'write it like "files"')
    forms = ({"enum": [*get_args(Place)]},)

    place: Place = "files"
    owner: Text | None = None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Accept the place alone."""
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


@with_options(f"{EXTENSION}health")
class Health(Section):
    """Port and host of the health check, where they differ from those of the traffic."""


class Kamalpy(Section):
    """Features beyond Kamal."""

    build: Flag = True
    transfer: Literal["registry", "ssh"] = "registry"
    verify: Verifier | None = None
    proxy: Literal["kamal-proxy", "traefik"] = "kamal-proxy"
    health: Health = Health.model_construct()
    connect_timeout: Whole = 10
    atomic: Flag = True
    secrets: SecretPlaces = "env"
    ruby: Flag = False
    commands: Flag = False
    jinja: Flag = False

    def secrets_of(self, name: str) -> SecretPlace:
        """Return where the secrets of a role or accessory are."""
        return place_of(self.secrets, name)


def secret_faults(draft: Draft) -> Iterator[Fault]:
    """Refuse unknown roles and accessories."""
    known = [role.name for role in draft.roles()]
    known += [name for name, _ in draft.accessories()]
    for name in as_dict(as_dict(draft.raw.get("x-kamalpy")).get("secrets")):
        if name not in known:
            what = "names neither a role nor an accessory"
            yield Fault(what, did_you_mean(name, known), ("x-kamalpy", "secrets", name))
