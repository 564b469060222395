"""The exported data as JSON, for programs: a document that is written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


class JsonPieces:
    """`{"exported_at": …, "part": 1, "tables": {"parents": [{…}, …], …}}`, a row a line."""

    suffix = "json"

    def __init__(self, now: datetime) -> None:
        self._now = now

    def head(self, part: int) -> str:
        opened = {"exported_at": self._now.isoformat(timespec="seconds"), "part": part}
        return json.dumps(opened)[:-1] + ', "tables": {'

    def open_table(self, table: str, *, is_first: bool) -> str:
        return f"{'' if is_first else ','}\n{json.dumps(table)}: ["

    def row(self, _table: str, row: Mapping[str, Any], *, is_first: bool) -> str:
        plain = {name: _plain(value) for name, value in row.items()}
        return f"{'' if is_first else ','}\n{json.dumps(plain, ensure_ascii=False)}"

    def close_table(self) -> str:
        return "\n]"

    def tail(self) -> str:
        return "\n}}\n"


def _plain(value: Any) -> Any:
    """As JSON holds it: moments in ISO 8601 with their offset, exact numbers as text, bytes in hex."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value
