"""Base class of the sections of deploy.yml: reports all mistakes at once, with fixes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from kamalpy.config.faults import Fault, expected, validation_error
from kamalpy.reference.keys import inline_yaml, texts_of
from kamalpy.reference.spelling import did_you_mean

if TYPE_CHECKING:
    from typing_extensions import Self


class Section(BaseModel):
    """
    A mapping of deploy.yml.

    A sub-class declares its keys as fields, each described in ``keys.yml``, and adds what types
    cannot express in ``faults``. Null is a mistake everywhere, as in Kamal.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    shapes: ClassVar[tuple[str, str]] = ("a hash", "")
    """The accepted shapes, and an example."""
    forms: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """JSON Schemas of the shorter forms that ``prepare`` understands."""
    rules: ClassVar[Mapping[str, Any]] = {}
    """What ``faults`` requires, as far as JSON Schema can express it."""
    nullable: ClassVar[frozenset[str]] = frozenset()
    """Keys whose null is valid, or reported by ``faults``."""
    former: ClassVar[Mapping[str, str]] = {}
    """Obsolete or misplaced keys, and what to write instead."""

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Convert another accepted shape to a mapping."""
        return raw

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Check what types cannot express; ``raw`` may hold anything."""
        yield from ()

    @classmethod
    def key_names(cls) -> dict[str, str]:
        """Map the names of keys as written to those of their fields."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}

    @classmethod
    def hint(cls, key: str) -> str:
        """Suggest a key for one that does not exist."""
        if key.startswith("x-"):
            return "move it to the root, extensions are allowed only there"
        return did_you_mean(key, cls.key_names())

    @model_validator(mode="wrap")
    @classmethod
    def _validate(
        cls, raw: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if isinstance(raw, cls):
            return raw
        raw = cls.prepare(raw)
        if not isinstance(raw, Mapping):
            raise expected(*cls.shapes)
        found = [*cls._unknown(raw), *cls._empty(raw), *cls.faults(raw, info.context)]
        known = {key: raw[key] for key in cls.key_names() if raw.get(key) is not None}
        try:
            section = handler(known)
        except ValidationError as error:
            known_paths = {fault.path for fault in found if fault.path}
            read = (Fault.read(details) for details in error.errors())
            found += [cls._advised(fault) for fault in read if fault.path not in known_paths]
        if found:
            raise validation_error(cls.__name__, _without_misspelled(found))
        return section

    @classmethod
    def _unknown(cls, raw: Mapping[str, Any]) -> Iterator[Fault]:
        for key in raw:
            if key in cls.former:
                yield Fault("unknown key", cls.former[key], (key,))
            elif key not in cls.key_names():
                yield Fault("unknown key", cls.hint(key), (key,))

    @classmethod
    def _empty(cls, raw: Mapping[str, Any]) -> Iterator[Fault]:
        for key in cls.key_names():
            if key in raw and raw[key] is None and key not in cls.nullable:
                yield Fault("has no value", f"{cls.example(key)}, or remove the key", (key,))

    @classmethod
    def _advised(cls, fault: Fault) -> Fault:
        how = fault.how
        if fault.open and not how and fault.path:
            how = cls.example(str(fault.path[0]))
        return Fault(fault.what, how, fault.path, other=fault.other)

    @classmethod
    def example(cls, key: str) -> str:
        """Return how a key is written, from its example."""
        described = cls.model_fields[cls.key_names()[key]].examples
        example = described[0] if described else texts_of(cls, key).get("example", "...")
        return f'write it like "{key}: {inline_yaml(example)}"'


def _without_misspelled(faults: list[Fault]) -> list[Fault]:
    """Drop "is required" for a key that is present, but misspelled."""
    hints = {fault.how for fault in faults if fault.what == "unknown key"}
    return [
        fault
        for fault in faults
        if fault.what != "is required" or f"did you mean {fault.path[-1]}?" not in hints
    ]
