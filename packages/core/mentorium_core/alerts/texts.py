"""What is told of alerts, in the parent's language: short, and with one thing to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from mentorium_core.alerts.model import Telling
from mentorium_core.alerts.rules import titles_in
from mentorium_core.i18n import clip, cut_to_utf16, format_day_month, format_list, format_weekday, one_line, t
from mentorium_domain.alerts import StoredAlert
from mentorium_domain.enums import AlertKind
from mentorium_kit.clock import local_day

MOST_NAMED: Final = 3
"""Works, tests and materials that are told by their titles; of the others only how many there are."""
LEFT_TO_A_LINE: Final = frozenset({AlertKind.MILESTONE, AlertKind.AWARD})
LONGEST: Final = 4_096
_LONGEST_TITLE: Final = 120
_LONGEST_COMMENT: Final = 1_500
_LONGEST_AUTHOR: Final = 100
_LONGEST_LINE: Final = 300


def text_of(telling: Telling, name: str, next_lesson: str | None = None) -> str:
    """The message about the child of this first name; `next_lesson` is the title of the one to go on with."""
    language, alerts = telling.first.language, telling.alerts
    match telling.kind:
        case AlertKind.COURSE_FINISHED:
            text = t(language, "alert-course-finished", name=name, title=_named(alerts, language))
        case AlertKind.FULL_SCORE | AlertKind.MILESTONE | AlertKind.AWARD:
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
    lines = [t(language, "alert-line", what=what) for what in _joys(alerts, language)]
    return "\n".join([t(language, "alert-joy", name=name), *lines, t(language, "alert-joy-todo")])


def _joys(alerts: tuple[StoredAlert, ...], language: str) -> list[str]:
    """Tests without a mistake, milestones one by one, awards."""

    def of(kind: AlertKind) -> tuple[StoredAlert, ...]:
        return tuple(alert for alert in alerts if alert.kind is kind)

    tests, awards = of(AlertKind.FULL_SCORE), of(AlertKind.AWARD)
    found = [t(language, "alert-tests", titles=_named(tests, language))] if tests else []
    for alert in of(AlertKind.MILESTONE)[-MOST_NAMED:]:
        (title,) = titles_in([alert], language)
        found.append(t(language, f"win-milestone-{alert.details['share']}", title=clip(title, _LONGEST_TITLE)))
    if awards:
        count = len(titles_in(awards, language))
        found.append(t(language, "alert-awards", titles=_named(awards, language), count=count))
    return found


def line_of(telling: Telling) -> str:
    """The same in one line, for a report about the child that tells what there was no room for before.

    Empty where the report tells it by itself: finished courses, tests, the teacher's words, work, materials, a pause.
    """
    told_nowhere_else = tuple(alert for alert in telling.alerts if alert.kind in LEFT_TO_A_LINE)
    return cut_to_utf16("; ".join(_joys(told_nowhere_else, telling.first.language)), _LONGEST_LINE)


def _comments(alerts: tuple[StoredAlert, ...], language: str, name: str) -> str:
    said = [_said(alert, language) for alert in alerts[-MOST_NAMED:]]
    return "\n".join([t(language, "alert-comment", name=name), *said, t(language, "alert-comment-todo")])


def _said(alert: StoredAlert, language: str) -> str:
    body = clip(alert.details["body"], _LONGEST_COMMENT)
    if author := clip(one_line(alert.details.get("author") or ""), _LONGEST_AUTHOR):
        return t(language, "report-comment", author=author, body=body)
    return t(language, "report-comment-teacher", body=body)


def _due_on(alert: StoredAlert) -> date:
    """Due at midnight means: by the end of the day before."""
    return local_day(datetime.fromisoformat(alert.details["due_at"]) - timedelta(microseconds=1))


def _due(alerts: tuple[StoredAlert, ...], language: str, name: str) -> str:
    day = _due_on(alerts[0])
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
