"""What is told, when, and in how many messages: pure functions. `now` is aware; days and hours are of Tashkent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from mentorium_core.alerts.model import (
    BUNDLED,
    FEWEST_MATERIALS,
    FRESH_FOR,
    IDLE_STAGES,
    MANY_WATCHED,
    MOST_IDLE_PERCENT,
    OVERLAP,
    SAID_WITHIN,
    WORTH_TELLING,
    DueWork,
    FeedFact,
    IdleChild,
    Material,
    Milestone,
    Telling,
)
from mentorium_core.notifications.policy import is_night, morning_after
from mentorium_domain.alerts import FeedPosition, NewAlert, StoredAlert, ToldReport
from mentorium_domain.enums import AlertKind
from mentorium_domain.language import Titles
from mentorium_kit.clock import local_day, start_of_day

DAY: Final = timedelta(days=1)
CHECKED: Final = (timedelta(hours=18), timedelta(hours=21))
"""When children are looked at once a day; a day on which that was impossible is left out."""
BUNDLED_AT: Final = timedelta(hours=19)
MATERIALS_ON: Final = 3
"""Thursday: the report of Monday has told of the week before."""
STUDY_IS_OVER: Final = "paused"
"""The verdict of a report that says: there was no study."""
_LONGEST_BODY: Final = 3_000
_ORDER: Final = (
    AlertKind.DUE,
    AlertKind.COMMENT,
    AlertKind.COURSE_FINISHED,
    AlertKind.FULL_SCORE,
    AlertKind.MILESTONE,
    AlertKind.AWARD,
    AlertKind.IDLE,
    AlertKind.MATERIAL,
)
"""What goes first where not all may be told."""


def settled(db_now: datetime, last: FeedPosition) -> FeedPosition:
    """Up to where a cursor may go that has read up to `last`: what is younger than the overlap may not all show yet."""
    return min(last, FeedPosition(db_now - OVERLAP, 0), key=lambda one: (one.updated_at, one.id))


def when_awake(now: datetime) -> datetime:
    """Now, or at the end of the night."""
    return morning_after(now) if is_night(now) else now


def next_bundle(now: datetime) -> datetime:
    """The next 19:00."""
    today = start_of_day(local_day(now)) + BUNDLED_AT
    return today if now <= today else today + DAY


def feed_alert(kind: AlertKind, fact: FeedFact, now: datetime) -> NewAlert | None:
    """What is to be told of a row; None for what is too old to tell, of the future, or has nothing to say."""
    worth = WORTH_TELLING[kind]
    if not now - worth < fact.happened_at <= now + OVERLAP:
        return None
    if kind is AlertKind.COMMENT:
        if not fact.body.strip():
            return None
        details: dict[str, Any] = {"author": fact.author, "body": fact.body[:_LONGEST_BODY]}
    elif any(fact.titles.get(language) for language in ("uz", "ru", "en")):
        details = {"titles": list(astuple(fact.titles))}
    else:
        return None
    due_at = next_bundle(now) if kind in BUNDLED else when_awake(now)
    return NewAlert(
        student_id=fact.student_id,
        kind=kind,
        fact_key=_fact_key(kind, fact),
        happened_at=fact.happened_at,
        due_at=due_at,
        expires_at=due_at + worth,
        details=details,
    )


def _fact_key(kind: AlertKind, fact: FeedFact) -> str:
    """A course is finished once by a child, and full marks are news once, however often a test is retaken."""
    match kind:
        case AlertKind.COURSE_FINISHED:
            return f"course:{fact.subject}:c{fact.student_id}"
        case AlertKind.FULL_SCORE:
            return f"test:{fact.subject}:c{fact.student_id}"
        case AlertKind.AWARD:
            return f"award:{fact.id}"
        case _:
            return f"comment:{fact.id}"


def is_dead(activity_as_of: datetime | None, now: datetime) -> bool:
    """Whether the feed of activity is too old, or of unknown age: then nobody is said to be idle."""
    return activity_as_of is None or activity_as_of <= now - FRESH_FOR


def too_many_idle(watched: int, found: int) -> bool:
    """Whether so many of the watched children turned idle on one day that the feed is to be doubted."""
    return watched >= MANY_WATCHED and found * 100 > watched * MOST_IDLE_PERCENT


def idle_stage(since: date, today: date) -> int | None:
    """7, 14 or 30: which stage a child is at that has not studied since then; None where nothing is to be told."""
    days = (today - since).days
    return next((first for first, end in IDLE_STAGES if first <= days < end), None)


def idle_alert(idle: IdleChild, today: date, now: datetime) -> NewAlert | None:
    """Held until the whole check is judged."""
    stage = idle_stage(idle.since, today)
    if stage is None:
        return None
    return NewAlert(
        student_id=idle.student_id,
        kind=AlertKind.IDLE,
        fact_key=f"idle:{idle.student_id}:{idle.since}:{stage}",
        happened_at=start_of_day(idle.since),
        due_at=None,
        expires_at=now + WORTH_TELLING[AlertKind.IDLE],
        details={"since": idle.since.isoformat(), "days": (today - idle.since).days, "stage": stage},
    )


def turns_idle(alert: NewAlert, today: date, checked_on: date | None) -> bool:
    """Whether the child has turned idle since all were looked at last, or today where that never was."""
    if alert.kind is not AlertKind.IDLE:
        return False
    new_for = (today - checked_on).days if checked_on is not None else 1
    first, _ = IDLE_STAGES[0]
    days: int = alert.details["days"]
    return first <= days < first + new_for


def due_tomorrow(today: date) -> tuple[datetime, datetime]:
    """After the first and up to the second moment: due at midnight means by the end of the day before."""
    return start_of_day(today + DAY), start_of_day(today + 2 * DAY)


def due_alert(work: DueWork, now: datetime) -> NewAlert:
    return NewAlert(
        student_id=work.student_id,
        kind=AlertKind.DUE,
        fact_key=f"due:{work.test_id}:c{work.student_id}:{local_day(work.due_at)}",
        happened_at=now,
        due_at=now,
        expires_at=work.due_at,
        details={"titles": list(astuple(work.titles)), "due_at": work.due_at.isoformat()},
    )


def material_alert(material: Material, now: datetime) -> NewAlert:
    return NewAlert(
        student_id=material.student_id,
        kind=AlertKind.MATERIAL,
        fact_key=f"material:{material.lesson_id}:c{material.student_id}",
        happened_at=material.published_at,
        due_at=now,
        expires_at=now + WORTH_TELLING[AlertKind.MATERIAL],
        details={"titles": list(astuple(material.titles))},
    )


def milestone_alert(milestone: Milestone, now: datetime) -> NewAlert:
    due_at = next_bundle(now)
    return NewAlert(
        student_id=milestone.student_id,
        kind=AlertKind.MILESTONE,
        fact_key=f"share:{milestone.course_id}:{milestone.share}:c{milestone.student_id}",
        happened_at=milestone.reached_at,
        due_at=due_at,
        expires_at=due_at + WORTH_TELLING[AlertKind.MILESTONE],
        details={"titles": list(astuple(milestone.titles)), "share": milestone.share},
    )


def checks_of(day: date) -> tuple[AlertKind, ...]:
    """What is looked at on this day."""
    daily = (AlertKind.IDLE, AlertKind.DUE, AlertKind.MILESTONE)
    return (*daily, AlertKind.MATERIAL) if day.weekday() == MATERIALS_ON else daily


def is_check_time(now: datetime) -> bool:
    midnight = start_of_day(local_day(now))
    return midnight + CHECKED[0] <= now < midnight + CHECKED[1]


def next_check(now: datetime) -> datetime:
    """The next 18:00 after `now`."""
    today = start_of_day(local_day(now)) + CHECKED[0]
    return today if now < today else today + DAY


def said_by_report(alert: StoredAlert, reports: Iterable[ToldReport], now: datetime) -> bool:
    """Whether a report has told the parent already: that there was no study, or of a material of a past week."""
    of_child = [one for one in reports if (one.telegram_id, one.student_id) == (alert.telegram_id, alert.student_id)]
    if alert.kind is AlertKind.IDLE:
        return any(one.verdict == STUDY_IS_OVER and one.generated_at > now - SAID_WITHIN for one in of_child)
    if alert.kind is AlertKind.MATERIAL:
        return any(local_day(alert.happened_at).isoformat() <= one.last_day for one in of_child)
    return False


def tellings(alerts: Sequence[StoredAlert], now: datetime) -> list[Telling]:
    """The messages that these alerts make, one of a kind a child, in the order in which they are to be told.

    Finished courses are told one by one, tests and awards in one bundle a day; a single material is not told. Which
    sibling comes first is drawn anew each day: for the other there may be no room.
    """
    together: defaultdict[tuple[int, int, str], list[StoredAlert]] = defaultdict(list)
    for alert in alerts:
        together[alert.parent_id, alert.student_id, _group(alert)].append(alert)
    found = [Telling(tuple(group), _message_key(group, now)) for group in together.values() if _is_enough(group)]
    drawn = _drawn_on(local_day(now))
    return sorted(found, key=lambda one: (one.first.parent_id, _ORDER.index(one.kind), drawn(one.first.student_id)))


def _drawn_on(day: date) -> Callable[[int], bytes]:
    return lambda student_id: blake2b(f"{day}:{student_id}".encode(), digest_size=8).digest()


def _group(alert: StoredAlert) -> str:
    match alert.kind:
        case AlertKind.COURSE_FINISHED:
            return alert.fact_key
        case kind if kind in BUNDLED:
            return "bundle"
        case _:
            return alert.kind.value


def _is_enough(group: Sequence[StoredAlert]) -> bool:
    return group[0].kind is not AlertKind.MATERIAL or len(group) >= FEWEST_MATERIALS


def _message_key(group: Sequence[StoredAlert], now: datetime) -> str:
    """The idempotency key, made of what is told, to whom (`p`) and of which child (`c`)."""
    first, today = group[0], local_day(now)
    whose = f"p{first.parent_id}:c{first.student_id}"
    monday = today - timedelta(days=today.weekday())
    keys: Mapping[AlertKind, Callable[[], str]] = {
        AlertKind.COURSE_FINISHED: lambda: f"ach:{first.fact_key}:p{first.parent_id}",
        AlertKind.FULL_SCORE: lambda: f"ach:day:{today}:{whose}",
        AlertKind.MILESTONE: lambda: f"ach:day:{today}:{whose}",
        AlertKind.AWARD: lambda: f"ach:day:{today}:{whose}",
        AlertKind.COMMENT: lambda: f"{first.fact_key}:{whose}",
        AlertKind.MATERIAL: lambda: f"mat:{monday}:{whose}",
        AlertKind.DUE: lambda: f"due:{today + DAY}:{whose}",
        AlertKind.IDLE: lambda: f"{first.fact_key}:p{first.parent_id}",
    }
    return keys[first.kind]()


def titles_in(alerts: Iterable[StoredAlert], language: str) -> list[str]:
    """What they are about, in this language, none twice."""
    names = (Titles(*alert.details["titles"]).get(language) for alert in alerts)
    return list(dict.fromkeys(name for name in names if name))
