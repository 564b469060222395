"""What reports need and core does not do itself."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from mentorium_core.reports.model import ReportDocument
from mentorium_domain.enums import Language


class ReportPainter(Protocol):
    """Draws the chart of a document; `mentorium_rendering.picture.render_picture` is one."""

    async def __call__(self, document: ReportDocument, language: Language) -> bytes:
        """A PNG or JPEG. Raises a MentoriumError where it cannot be drawn."""


class PdfWriter(Protocol):
    """Writes a whole document as a PDF; `mentorium_rendering.pdf.render_pdf` is one."""

    async def __call__(self, document: ReportDocument, language: Language, made_on: date) -> bytes:
        """Raises a MentoriumError where it cannot be written. `made_on`: the day in Asia/Tashkent its "now" means."""
