"""JSON that fits a schema: what the stand-in answers where only JSON is allowed and no script says what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEEPEST = 24


def example(schema: Mapping[str, Any], text: str) -> Any:
    """The same value for the same schema; free strings hold `text`."""
    return _value(schema, schema, text, 0)


def _value(schema: Any, root: Mapping[str, Any], text: str, depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return None
    if "$ref" in schema:
        return _value(_resolved(str(schema["$ref"]), root), root, text, depth + 1)
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("enum"):
        return choices[0]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _value(options[0], root, text, depth + 1)
    return _by_type(schema, root, text, depth)


def _by_type(schema: Mapping[str, Any], root: Mapping[str, Any], text: str, depth: int) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else None)
    match kind[0] if isinstance(kind, list) and kind else kind:
        case "object":
            properties = schema.get("properties") or {}
            return {name: _value(inner, root, text, depth + 1) for name, inner in properties.items()}
        case "array":
            count = max(int(schema.get("minItems", 1)), 0)
            return [_value(schema.get("items"), root, text, depth + 1) for _ in range(min(count, 100))]
        case "string":
            return text
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case _:
            return None


def _resolved(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def strictness_error(schema: Any, where: str = "()") -> str | None:
    """What OpenAI says of a strict schema that leaves something open; None if it may stand."""
    if not isinstance(schema, Mapping):
        return None
    properties = schema.get("properties")
    if schema.get("type") == "object" or properties is not None:
        if schema.get("additionalProperties") is not False:
            return f"In context={where}, 'additionalProperties' is required to be supplied and to be false."
        missing = [name for name in properties or {} if name not in (schema.get("required") or ())]
        if missing:
            return (
                f"In context={where}, 'required' is required to be supplied and to be an array including every key "
                f"in properties. Missing '{missing[0]}'."
            )
    inner = [(f"('properties', '{name}')", part) for name, part in (properties or {}).items()]
    inner += [("('items',)", schema.get("items"))]
    inner += [(f"('$defs', '{name}')", part) for name, part in (schema.get("$defs") or {}).items()]
    return next((error for at, part in inner if (error := strictness_error(part, at))), None)
