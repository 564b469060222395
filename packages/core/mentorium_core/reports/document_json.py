"""A report's document as JSON, for the history, and back: plain values only, each block with its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import TypeAdapter

from mentorium_core.reports.model import ReportDocument

_DOCUMENT: Final = TypeAdapter(ReportDocument)


def dump_document(document: ReportDocument) -> dict[str, Any]:
    """Points and percentages become strings, which lose nothing; days and moments become ISO 8601."""
    return cast("dict[str, Any]", _DOCUMENT.dump_python(document, mode="json"))


def dump_json(document: ReportDocument) -> str:
    """The same, written out."""
    return _DOCUMENT.dump_json(document).decode()


def load_document(stored: Mapping[str, Any]) -> ReportDocument:
    """The document as it was composed, also from rows in which every record names its type. ValidationError."""
    return _DOCUMENT.validate_python(stored)
