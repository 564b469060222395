"""The words of a rich message without its formatting."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain_text(blocks: list[Json]) -> str:
    """What a reader reads of these blocks, a line for each."""
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def inline_text(rich: Any) -> str:
    """What a reader reads of a text, a list of texts or a formatted text."""
    if isinstance(rich, str):
        return rich
    if isinstance(rich, list):
        return "".join(inline_text(part) for part in rich)
    if isinstance(rich, dict):
        return inline_text(rich.get("text") or rich.get("alternative_text") or rich.get("expression") or "")
    return ""


def _lines(block: Json) -> list[str]:
    lines = [inline_text(block.get(key)) for key in ("summary", "text", "expression")]
    lines += [f"{item.get('label', '')} {plain_text(item['blocks'])}".strip() for item in block.get("items", [])]
    lines += [" | ".join(inline_text(cell.get("text")) for cell in row) for row in block.get("cells", [])]
    lines.append(plain_text(block.get("blocks", [])))
    return lines + [inline_text(block.get(key)) for key in ("caption", "credit")]
