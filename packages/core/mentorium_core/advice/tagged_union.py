"""A union of records that tells its members apart in JSON: each is written with the name of its class as `type`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class TaggedByType:
    """Annotates a union of dataclasses: `Annotated[A | B, TaggedByType()]` is `{"type": "A", ...}` in JSON."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = {member.__name__: handler.generate_schema(member) for member in get_args(source)}
        choices: dict[Any, CoreSchema] = {name: _tagged(name, schema) for name, schema in members.items()}
        return core_schema.tagged_union_schema(choices, discriminator=_type_of)


def _tagged(name: str, schema: CoreSchema) -> CoreSchema:
    def serialise(value: object, handler: core_schema.SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"type": name, **handler(value)}

    serialization = core_schema.wrap_serializer_function_ser_schema(serialise, schema=schema)
    return core_schema.no_info_after_validator_function(lambda value: value, schema, serialization=serialization)


def _type_of(value: object) -> str | None:
    return value.get("type") if isinstance(value, Mapping) else type(value).__name__
