"""A report's picture as text: all that `card.typ` draws of it, a line a part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorium_core.reports.model import ReportDocument
from mentorium_rendering.picture import picture_data


def picture_text(document: ReportDocument, language: str) -> str:
    if document.chart is None:
        return f"{document.name}: no picture"
    return "\n".join(_lines(picture_data(document, language)))


def _lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['name']} — {data['period']}"
    yield f"{data['verdict']} [{data['tone']}]"
    for stat in data["stats"]:
        yield f"{stat['value']} {stat['label']}" + (f" ({stat['before']})" if stat["before"] else "")
    chart = data["chart"]
    if chart is not None:
        yield chart["title"] + (f" / {chart['before']}" if chart["before"] else "")
        yield " ".join(_bar(bar) for bar in chart["bars"])
    for meter in (*data["topics"], *data["courses"]):
        yield f"{meter['label']}: {meter['title']} {meter['value']} = {meter['share']:.2f} [{meter['tone']}]"


def _bar(bar: dict[str, Any]) -> str:
    """Label, height and value; behind a slash the height of the period before."""
    before = f"/{bar['before']:.2f}" if bar["before"] else ""
    return f"{bar['label']}:{bar['now']:.2f}{before}" + (f"({bar['value']})" if bar["value"] else "")
