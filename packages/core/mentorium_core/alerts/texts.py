"""What is told of alerts, in the parent's language: short, and with one thing to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mentorium_core.alerts.model import Telling
from mentorium_core.alerts.rules import titles_in
from mentorium_core.i18n import clip, cut_to_utf16, format_day_month, format_list, format_weekday, one_line, t
from mentorium_domain.alerts import StoredAlert
from mentorium_domain.enums import AlertKind
from mentorium_kit.clock import local_day

MOST_NAMED: Final = 3
"""Works, tests and materials that are told by their titles; of the others only how many there are."""
LONGEST: Final = 4_096
_LONGEST_TITLE: Final = 120
_LONGEST_COMMENT: Final = 1_500
_LONGEST_AUTHOR: Final = 100


def text_of(telling: Telling, name: str, next_lesson: str | None = None) -> str:
    """The message about the child of this first name; `next_lesson` is the title of the one to go on with."""
    language, alerts = telling.first.language, telling.alerts
    match telling.kind:
        case AlertKind.COURSE_FINISHED:
            text = t(language, "alert-course-finished", name=name, title=_named(alerts, language))
        case AlertKind.FULL_SCORE | AlertKind.AWARD:
            text = _bundle(alerts, language, name)
        case AlertKind.COMMENT:
            text = _comments(alerts, language, name)
        case AlertKind.MATERIAL:
            text = t(language, "alert-materials", name=name, titles=_named(alerts, language))
        case AlertKind.DUE:
            text = _due(alerts, language, name)
        case AlertKind.IDLE:
            text = _idle(alerts[-1], language, name, next_lesson)
    return cut_to_utf16(text, LONGEST)


def _named(alerts: tuple[StoredAlert, ...], language: str) -> str:
    titles = titles_in(alerts, language)
    shown = [t(language, "alert-title", title=clip(title, _LONGEST_TITLE)) for title in titles[:MOST_NAMED]]
    named = format_list(language, shown)
    more = len(titles) - len(shown)
    return t(language, "report-and-more", named=named, more=more) if more else named


def _bundle(alerts: tuple[StoredAlert, ...], language: str, name: str) -> str:
    lines = []
    for kind in (AlertKind.FULL_SCORE, AlertKind.AWARD):
        of_kind = tuple(alert for alert in alerts if alert.kind is kind)
        if of_kind:
            key = "alert-tests" if kind is AlertKind.FULL_SCORE else "alert-awards"
            lines.append(t(language, key, titles=_named(of_kind, language), count=len(titles_in(of_kind, language))))
    return "\n".join([t(language, "alert-joy", name=name), *lines, t(language, "alert-joy-todo")])


def _comments(alerts: tuple[StoredAlert, ...], language: str, name: str) -> str:
    said = []
    for alert in alerts[-MOST_NAMED:]:
        body = clip(alert.details["body"], _LONGEST_COMMENT)
        author = clip(one_line(alert.details.get("author") or ""), _LONGEST_AUTHOR)
        if author:
            said.append(t(language, "report-comment", author=author, body=body))
        else:
            said.append(t(language, "report-comment-teacher", body=body))
    return "\n".join([t(language, "alert-comment", name=name), *said, t(language, "alert-comment-todo")])


def _due(alerts: tuple[StoredAlert, ...], language: str, name: str) -> str:
    # due at midnight means: by the end of the day before
    day = local_day(datetime.fromisoformat(alerts[0].details["due_at"]) - timedelta(microseconds=1))
    return t(
        language,
        "alert-due",
        name=name,
        titles=_named(alerts, language),
        day=format_day_month(language, day),
        weekday=format_weekday(language, day),
    )


def _idle(alert: StoredAlert, language: str, name: str, next_lesson: str | None) -> str:
    if next_lesson:
        step = t(language, "idle-way-back-lesson", title=clip(next_lesson, _LONGEST_TITLE))
    else:
        step = t(language, "idle-way-back")
    return t(language, "alert-idle", name=name, days=alert.details["days"], step=step)
