"""A parent's data, where they are too many for an answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.privacy.export import SendLargeExport
from mentorium_domain.enums import Language


@dataclass(frozen=True, slots=True)
class ExportDataJob:
    send_large_export: SendLargeExport

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`parent_id`, and the `language` of the page."""
        await self.send_large_export(int(payload["parent_id"]), Language(payload["language"]))
