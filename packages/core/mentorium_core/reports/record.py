"""A document as JSON, for the history: plain values only, each block with its type."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mentorium_core.reports.model import ReportDocument

Plain = dict[str, Any] | list[Any] | str | int | None


def document_record(document: ReportDocument) -> dict[str, Any]:
    """Points and percentages become strings, which lose nothing; days and times become ISO 8601."""
    record = _plain(document)
    assert isinstance(record, dict)
    return record


def _plain(value: object) -> Plain:
    if is_dataclass(value) and not isinstance(value, type):
        named: dict[str, Any] = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__} | named
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a document does not hold {type(value).__name__}")
