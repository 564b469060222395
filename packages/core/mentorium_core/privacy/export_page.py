"""The exported data as a page that a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from mentorium_core.i18n import format_date_long, has_text, t
from mentorium_domain.enums import Language

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.5em 0 1.5em;width:100%}"
    "th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:14em;font-weight:normal;color:#555}td{white-space:pre-wrap}"
)


def page(language: Language, now: datetime, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A whole HTML document; `tables` holds JSON values."""
    title = t(language, "export-title")
    intro = t(language, "export-intro", date=format_date_long(language, now.date()))
    sections = "".join(_section(language, name, rows) for name, rows in tables.items())
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1><p>{escape(intro)}</p>{sections}</body></html>"
    )


def _section(language: Language, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    key = f"export-table-{name.replace('_', '-')}"
    heading = t(language, key) if has_text(language, key) else name
    return f"<h2>{escape(heading)} ({len(rows)})</h2>" + "".join(_table(row) for row in rows)


def _table(row: Mapping[str, Any]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(_text(value))}</td></tr>"
        for name, value in row.items()
        if value is not None
    )
    return f"<table>{cells}</table>"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
