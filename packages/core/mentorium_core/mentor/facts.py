"""What the tools told, as facts that an answer is held against; kept with a turn as long as it is in the history."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mentorium_ai_client import AssistantMessage
from mentorium_core.guard.model import Fact, FactDays, Metric
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN

_METRICS: Final[Mapping[str, Metric]] = {
    "study_minutes": Metric.STUDY_MINUTES,
    "active_days": Metric.ACTIVE_DAYS,
    "days_in_period": Metric.DAYS_IN_PERIOD,
    "lessons_done": Metric.LESSONS_DONE,
    "tests_taken": Metric.TESTS_TAKEN,
    "average_percent": Metric.AVERAGE_PERCENT,
    "streak_weeks": Metric.STREAK_WEEKS,
    "overdue": Metric.OVERDUE,
    "results": Metric.TOPIC_RESULTS,
}
_STATUS: Final = {"completed": Metric.COURSE_FINISHED, "dropped": Metric.COURSE_LEFT}
"""What the status of a course tells, without a number."""
_KNOWN_METRICS: Final = frozenset(metric.value for metric in Metric)
_BEFORE: Final = "_before"
_LISTS: Final = {
    "tests": Metric.TESTS_TAKEN,
    "awards": Metric.AWARDS,
    "late": Metric.OVERDUE,
    "materials": Metric.MATERIALS,
}
"""How many there are of these may be said, too."""
_CUT_AT: Final = 5
"""Late work of so many titles may have been cut: how much there is of it is told elsewhere, or not at all."""
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MONTH: Final = re.compile(r"\d{4}-\d\d")
_PERIODS: Final = frozenset({"period", "before"})
_NO_TEXT: Final = frozenset(
    {"child", "name", "status", "verdict", "error", "message", "code", "topic_code", "to_improve"}
)
_MOST_KEPT: Final = 300


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """`texts`: titles and words of the platform and of our catalogues, which may be quoted, figures and all."""

    facts: tuple[Fact, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """What the tools told for an earlier answer: known as long as the answer itself is in what is sent."""

    answer: AssistantMessage
    facts: tuple[Fact, ...]


def facts_of(contents: Iterable[str]) -> ToolFacts:
    """Of the results of tools, JSON as they gave it; errors and what is no JSON hold none."""
    reader = _Reader()
    for content in contents:
        try:
            result = json.loads(content)
        except ValueError:
            continue
        if isinstance(result, dict) and "error" not in result:
            reader.read(result)
    return ToolFacts(tuple(dict.fromkeys(reader.facts)), tuple(dict.fromkeys(reader.texts)))


class _Reader:
    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.texts: list[str] = []

    def read(self, result: Mapping[str, Any]) -> None:
        """One result: a child's, or nobody's."""
        child = result.get("child")
        bare = child.strip(OPEN + CLOSE) if isinstance(child, str) else None
        now, before = (_days(result.get(name)) for name in ("period", "before"))
        self._mapping(result, Fact(metric=Metric.OTHER, child=bare, days=now), before)

    def _mapping(self, values: Mapping[str, Any], about: Fact, before: FactDays | None) -> None:
        title = values.get("title")
        if isinstance(title, str):
            about = replace(about, title=title)
        if (day := _day(values.get("day"))) is not None:
            about = replace(about, day=day)
        if values.get("to_improve") == "test":
            about = replace(about, metric=Metric.TEST_PERCENT)
        self.facts += _scores(values, about)
        if (became := _STATUS.get(str(values.get("status")))) is not None and isinstance(title, str):
            self.facts.append(replace(about, metric=became, days=None))
        for key, value in values.items():
            if key in _PERIODS and (days := _days(value)) is not None:
                self.facts += [replace(about, day=day) for day in (days.first_day, days.last_day)]
            else:
                self._value(key, value, about, before)

    def _value(self, key: str, value: Any, about: Fact, before: FactDays | None) -> None:
        match value:
            case bool() | None:
                return
            case int() | float():
                self.facts += _number(key, value, about, before)
            case str():
                self._text(key, value, about)
            case dict() if key.endswith("_by_day"):
                self.facts += _by_day(key.removesuffix("_by_day"), value, about)
            case dict():
                self._mapping(value, about, before)
            case list():
                if (counted := _LISTS.get(key)) is not None and (key != "late" or len(value) < _CUT_AT):
                    self.facts.append(replace(about, metric=counted, value=Decimal(len(value))))
                if counted is Metric.TESTS_TAKEN:
                    self.facts += _without_points(value, about)
                for item in value:
                    self._value(f"{key}_item", item, about, before)

    def _text(self, key: str, value: str, about: Fact) -> None:
        if _ISO_DAY.fullmatch(value[:10]) and (day := _day(value[:10])) is not None:
            self.facts.append(replace(about, day=day))
        elif _ISO_MONTH.fullmatch(value) and (first := _day(f"{value}-01")) is not None:
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            self.facts.append(replace(about, day=first, days=FactDays(first, last)))
        elif key not in _NO_TEXT and value:
            self.texts.append(value)
            if "price" in key and (figures := re.sub(r"\D", "", value)):
                self.facts.append(replace(about, metric=Metric.PRICE, value=Decimal(figures)))


def _scores(values: Mapping[str, Any], about: Fact) -> Iterator[Fact]:
    """What is told by two numbers: points of the most, lessons of a course."""
    most = _decimal(values.get("max_score"))
    for key, metric, is_before in (
        ("score", Metric.SCORE, False),
        ("retaken_from", Metric.SCORE, True),
        ("pass_score", Metric.PASS_PERCENT, False),
    ):
        if (points := _decimal(values.get(key))) is not None:
            yield replace(about, metric=metric, value=points, of=most, is_before=is_before)
    required = _decimal(values.get("lessons_required"))
    if required is not None and (done := _decimal(values.get("lessons_done"))) is not None:
        yield replace(about, metric=Metric.COURSE_LESSONS, value=done, of=required, days=None)


def _without_points(tests: Iterable[Any], about: Fact) -> Iterator[Fact]:
    """Tests that were taken, and whose points are not told."""
    for test in tests:
        title = test.get("title") if isinstance(test, dict) else None
        if isinstance(title, str) and _decimal(test.get("score")) is None:
            yield replace(about, metric=Metric.TEST_TAKEN, title=title, day=_day(test.get("day")))


def _number(key: str, value: float, about: Fact, before: FactDays | None) -> Iterator[Fact]:
    if key in {"score", "max_score", "retaken_from", "pass_score", "lessons_required"}:
        return  # told in pairs
    number = _decimal(value)
    if number is None:
        return
    is_before = key.endswith(_BEFORE)
    metric = _metric(key.removesuffix(_BEFORE), about)
    if metric is Metric.LESSONS_DONE and about.title is not None:
        return  # a course's: told in pairs
    days = before if is_before else about.days
    yield replace(about, metric=metric, value=number, days=days, is_before=is_before)


def _metric(key: str, about: Fact) -> Metric:
    if (known := _METRICS.get(key)) is not None:
        return known
    if "price" in key or "amount" in key or "stars" in key or "soum" in key:
        return Metric.PRICE
    if key == "percent":
        is_of_a_test = about.day is not None or about.metric is Metric.TEST_PERCENT
        return Metric.TEST_PERCENT if is_of_a_test else Metric.TOPIC_PERCENT
    if key.endswith(("days", "days_left")):
        return Metric.SUBSCRIPTION_DAYS
    return Metric.OTHER


def _by_day(key: str, values: Mapping[str, Any], about: Fact) -> Iterator[Fact]:
    for iso, value in values.items():
        day, number = _day(iso), _decimal(value)
        if day is not None and number is not None:
            yield replace(about, metric=_metric(key, about), value=number, day=day, days=FactDays(day, day))


def _days(period: object) -> FactDays | None:
    if not isinstance(period, dict):
        return None
    first, last = _day(period.get("first_day")), _day(period.get("last_day"))
    return FactDays(first, last) if first is not None and last is not None else None


def _day(iso: object) -> date | None:
    try:
        return date.fromisoformat(iso) if isinstance(iso, str) else None
    except ValueError:
        return None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def facts_to_json(facts: Sequence[Fact], students: Mapping[str, int]) -> list[dict[str, Any]]:
    """Facts as they are kept with a turn: a child by the student id, for tokens are those of one conversation."""
    kept: list[dict[str, Any]] = []
    for fact in facts[:_MOST_KEPT]:
        plain: dict[str, Any] = {
            "metric": fact.metric.value,
            "value": str(fact.value) if fact.value is not None else None,
            "of": str(fact.of) if fact.of is not None else None,
            "day": fact.day.isoformat() if fact.day is not None else None,
            "student": students.get(fact.child) if fact.child is not None else None,
            "title": fact.title if OPEN not in (fact.title or "") else None,
            "days": [fact.days.first_day.isoformat(), fact.days.last_day.isoformat()] if fact.days else None,
            "is_before": fact.is_before or None,
        }
        if fact.child is None or plain["student"] is not None:
            kept.append({name: value for name, value in plain.items() if value is not None})
    return kept


def facts_from_json(kept: Iterable[Mapping[str, Any]], students: Mapping[str, int]) -> tuple[Fact, ...]:
    """What `facts_to_json` kept, in the tokens of this conversation; of a child that has none now, nothing."""
    tokens = {student_id: token for token, student_id in students.items()}
    facts = []
    for plain in kept:
        student = plain.get("student")
        days = plain.get("days")
        if student is not None and student not in tokens:
            continue
        if plain["metric"] not in _KNOWN_METRICS:  # a later release's: it is none of ours to say
            continue
        facts.append(
            Fact(
                metric=Metric(plain["metric"]),
                value=Decimal(plain["value"]) if "value" in plain else None,
                of=Decimal(plain["of"]) if "of" in plain else None,
                day=_day(plain.get("day")),
                child=tokens[student] if student is not None else None,
                title=plain.get("title"),
                days=FactDays(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None,
                is_before=bool(plain.get("is_before")),
            )
        )
    return tuple(facts)
