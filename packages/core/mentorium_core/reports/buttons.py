"""The buttons under a report: what somebody who has read it asks next. Each carries the report's id, and is judged when
it is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mentorium_core.i18n import t
from mentorium_core.identity.model import Child
from mentorium_core.progress.model import PeriodKind
from mentorium_core.reports.model import ReportDocument
from mentorium_domain.enums import Language
from mentorium_domain.outbox import Buttons, MessageButton

MOST_OTHERS: Final = 8
_LONGEST_NAME: Final = 60
_OTHER: Final = {PeriodKind.WEEK: PeriodKind.MONTH, PeriodKind.MONTH: PeriodKind.WEEK}


def buttons_under(
    document: ReportDocument, report_id: int, language: Language, others: Sequence[Child] = ()
) -> Buttons:
    """Why, tonight and done under a whole report, and a month's as a file; the other period; the other children, over
    the same one.

    A family with more than `MOST_OTHERS` others chooses in /report.
    """
    rows: list[tuple[MessageButton, ...]] = []
    if document.is_whole:
        rows.append(
            (
                _button(t(language, "under-why"), f"report:why:{report_id}"),
                _button(t(language, "under-tonight"), f"report:tonight:{report_id}"),
            )
        )
        rows.append((_button(t(language, "under-done"), f"report:done:{report_id}"),))
        if document.has_pdf:
            rows.append((_button(t(language, "under-pdf"), f"report:pdf:{report_id}"),))
    if (other := _OTHER.get(document.period.kind)) is not None:
        rows.append((_button(t(language, f"report-{other}"), f"report:{other}:{report_id}"),))
    if len(others) <= MOST_OTHERS:
        rows += [(_button(_name(child), f"child:{child.student_id}:{report_id}"),) for child in others]
    return tuple(rows)


def with_voice(buttons: Buttons, report_id: int, language: Language) -> Buttons:
    """The same where a voice can be offered: under what may be told whole, behind its other questions."""
    rows = list(buttons)
    place = next((place for place, row in enumerate(rows) if row[0].data == f"report:done:{report_id}"), None)
    if place is None:
        return buttons
    rows.insert(place + 1, (_button(t(language, "under-voice"), f"report:voice:{report_id}"),))
    return tuple(rows)


def buttons_under_plan(report_id: int, language: Language) -> Buttons:
    """Under the plan for tonight: whether it was done is asked there, too."""
    return ((_button(t(language, "under-done"), f"report:done:{report_id}"),),)


def _name(child: Child) -> str:
    return child.display_name[:_LONGEST_NAME]


def _button(text: str, data: str) -> MessageButton:
    return MessageButton(text, data=data)
