"""The JSON Schema of deploy.yml, for editors: generated from the sections."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from kamalpy.config.deploy_file import DeployFile
from kamalpy.reference.keys import pitfalls, texts_of


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema of a whole deploy.yml."""
    made = DeployFile.model_json_schema(schema_generator=_Generator)
    more = {"title": "Kamal's deploy.yml", "x-pitfalls": dict(pitfalls())}
    return {"$schema": _Generator.schema_dialect, **made, **more}


def written(schema: dict[str, Any]) -> str:
    """Write a schema as it is shipped."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


class _Generator(GenerateJsonSchema):
    """Excludes null; adds the shorter forms and rules of each section."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: nothing in deploy.yml may be null."""
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Add a section's rules and shorter forms."""
        section: Any = schema["cls"]
        whole = {**super().model_schema(schema), **section.rules}
        for key, value in whole.get("properties", {}).items():
            if texts := dict(texts_of(section, key)):
                value |= {"examples": [texts.pop("example")], **texts}
        return {"anyOf": [whole, *section.forms]} if section.forms else whole


if __name__ == "__main__":
    sys.stdout.write(written(json_schema()))
