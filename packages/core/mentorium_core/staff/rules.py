"""How events become messages to the staff: parents in despair first, all else counted by what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mentorium_core.i18n import cut_to_utf16, format_date_long, has_text, t
from mentorium_core.staff.model import StaffEvent, StaffMessage
from mentorium_domain.language import DEFAULT_LANGUAGE
from mentorium_kit import clock

CRISIS: Final = "crisis_"
_LONGEST_MESSAGE: Final = 4_096
_PARENTS_A_MESSAGE: Final = 15
_SHOWN: Final = 3
_LONGEST_DETAILS: Final = 200


def staff_messages(events: Sequence[StaffEvent]) -> Iterator[StaffMessage]:
    """The events are told in their order; each stands in one message."""
    crises = [event for event in events if event.name.startswith(CRISIS)]
    for start in range(0, len(crises), _PARENTS_A_MESSAGE):
        some = crises[start : start + _PARENTS_A_MESSAGE]
        lines = [t(DEFAULT_LANGUAGE, "staff-crisis"), *map(_crisis_line, some), t(DEFAULT_LANGUAGE, "staff-crisis-do")]
        yield _message(lines, some)
    others = [event for event in events if not event.name.startswith(CRISIS)]
    if others:
        yield _message([t(DEFAULT_LANGUAGE, "staff-news"), *_counted(others)], others)


def _message(lines: Iterable[str], events: Sequence[StaffEvent]) -> StaffMessage:
    return StaffMessage(cut_to_utf16("\n\n".join(lines), _LONGEST_MESSAGE), [event.id for event in events])


def _crisis_line(event: StaffEvent) -> str:
    """Who, about what, when and in which language: never a word of theirs."""
    return t(
        DEFAULT_LANGUAGE,
        "staff-crisis-line",
        what=_what(event.name),
        id=str(event.telegram_id or "–"),
        at=_moment(event),
        speaks=str(event.details.get("language", "–")),
    )


def _counted(events: Sequence[StaffEvent]) -> Iterator[str]:
    by_name: defaultdict[str, list[StaffEvent]] = defaultdict(list)
    for event in events:
        by_name[event.name].append(event)
    for name, some in by_name.items():
        shown = [f"{_moment(event)}: {_details(event)}" for event in some[:_SHOWN]]
        head = t(DEFAULT_LANGUAGE, "staff-news-line", what=_what(name), name=name, count=len(some))
        yield "\n".join([head, *shown, *(["…"] if len(some) > _SHOWN else [])])


def _what(name: str) -> str:
    key = f"staff-event-{name}"
    return t(DEFAULT_LANGUAGE, key) if has_text(DEFAULT_LANGUAGE, key) else t(DEFAULT_LANGUAGE, "staff-event-unknown")


def _moment(event: StaffEvent) -> str:
    at = event.created_at.astimezone(clock.TASHKENT)
    return f"{format_date_long(DEFAULT_LANGUAGE, at.date())}, {at:%H:%M}"


def _details(event: StaffEvent) -> str:
    said = {**({"telegram_id": event.telegram_id} if event.telegram_id else {}), **event.details}
    text = " ".join(f"{name}={value}" for name, value in said.items())
    return text if len(text) <= _LONGEST_DETAILS else f"{text[:_LONGEST_DETAILS]}…"
