"""A document as the text that is sent: in the words of a model where it has them, else by the template."""

from __future__ import annotations

from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.template import ReportText as ReportText
from mentorium_core.reports.template import template_report
from mentorium_core.reports.worded import worded_report


def render_report(document: ReportDocument, language: str) -> ReportText:
    """At most 1,024 UTF-16 units, an idle one 500, emoji counted as two."""
    return worded_report(document, language) or template_report(document, language)


def render_text(document: ReportDocument, language: str) -> str:
    """The caption alone."""
    return render_report(document, language).caption
