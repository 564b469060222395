"""A tool's result in words of our own: the answer where a language model's may not be shown, or there is none.

Names are tokens here as they are in the results; whoever shows the text puts the names back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from mentorium_core.i18n import (
    format_day_month,
    format_duration,
    format_list,
    format_number,
    format_percent,
    format_period,
    t,
)
from mentorium_core.mentor.links import without_links

MOST_TESTS: Final = 5
MOST_RESULTS: Final = 4

_SIGNS: Final = re.compile(r"[*_`~\[\]|#<>\\]")

Result = Mapping[str, Any]


def told(contents: Sequence[str], language: str) -> str:
    """What the results of tools say, all of it true; a sentence that says so where they hold nothing.

    `contents` are JSON as the tools gave them; errors among them are left out.
    """
    parts = [part for content in contents[-MOST_RESULTS:] if (part := _about(_parsed(content), language))]
    if not parts:
        return t(language, "told-no-data")
    return "\n\n".join([t(language, "told-intro"), *dict.fromkeys(parts)])


def _parsed(content: str) -> Result:
    try:
        result = json.loads(content)
    except ValueError:
        return {}
    return result if isinstance(result, dict) else {}


def _about(result: Result, language: str) -> str:
    child = result.get("child")
    if "error" in result:
        return ""
    if not isinstance(child, str):
        return "\n".join([*_meaning(result, language), *_subscription(result, language)])
    lines = [line for told_of in _LINES for line in told_of(result, language)]
    period = _period(result.get("period"), language)
    head = t(language, "told-head", child=child, period=period) if period else t(language, "told-head-now", child=child)
    return "\n".join([head, *(lines or [t(language, "told-nothing")])])


def _study(result: Result, language: str) -> Iterator[str]:
    minutes, days, of = result.get("study_minutes"), result.get("active_days"), result.get("days_in_period")
    if minutes is not None and days is not None and of is not None:
        yield t(language, "told-study", time=format_duration(language, minutes * 60), days=days, of=of)
    elif minutes is not None:
        yield t(language, "told-study-time", time=format_duration(language, minutes * 60))
    if by_day := result.get("study_minutes_by_day"):
        days = [f"{_day(day, language)} — {format_duration(language, spent * 60)}" for day, spent in by_day.items()]
        yield t(language, "told-by-day", days=", ".join(days))
    if (lessons := result.get("lessons_done")) is not None:
        yield t(language, "told-lessons", count=lessons)


def _tests(result: Result, language: str) -> Iterator[str]:
    tests, average = result.get("tests"), result.get("average_percent")
    taken = result.get("tests_taken", len(tests) if isinstance(tests, list) else None)
    if taken:
        if average is not None:
            yield t(language, "told-tests-average", count=taken, percent=format_percent(language, average))
        else:
            yield t(language, "told-tests", count=taken)
    for test in (tests or ())[-MOST_TESTS:]:
        if test.get("day") is None:
            continue
        about = {"title": _title(test["title"]), "day": _day(test["day"], language)}
        if test.get("percent") is None:
            yield t(language, "told-test-taken", **about)
        else:
            key = "told-test-score" if test.get("pass_score") is None else "told-test-marked"
            yield t(language, key, **about, **_score(test, language))


def _score(test: Result, language: str) -> dict[str, str]:
    points = {
        name: format_number(language, test[name])
        for name in ("score", "max_score", "pass_score")
        if test.get(name) is not None
    }
    return {**points, "percent": format_percent(language, test["percent"])}


def _before(result: Result, language: str) -> Iterator[str]:
    """The figures of the period before, with its dates."""
    period = _period(result.get("before"), language)
    minutes, lessons = result.get("study_minutes_before"), result.get("lessons_done_before")
    average = result.get("average_percent_before")
    figures = []
    if minutes is not None:
        figures.append(format_duration(language, minutes * 60))
    if lessons is not None:
        figures.append(t(language, "told-lessons-short", count=lessons))
    if average is not None:
        figures.append(t(language, "told-average-short", percent=format_percent(language, average)))
    if period and figures:
        yield t(language, "told-before", period=period, figures=", ".join(figures))


def _awards_and_courses(result: Result, language: str) -> Iterator[str]:
    if awards := result.get("awards"):
        yield t(
            language, "told-awards", titles=format_list(language, [f"«{_title(award['title'])}»" for award in awards])
        )
    for course in result.get("courses") or ():
        if course.get("lessons_required"):
            yield t(
                language,
                "told-course",
                title=_title(course["title"]),
                done=course["lessons_done"],
                required=course["lessons_required"],
            )
        if titles := course.get("next_lessons"):
            yield t(language, "told-next-lessons", titles=", ".join(f"«{_title(title)}»" for title in titles))


def _topics(result: Result, language: str) -> Iterator[str]:
    for key, name in (("told-strongest", "strongest"), ("told-weakest", "weakest")):
        topic = result.get(name)
        if topic and topic.get("percent") is not None:
            yield t(language, key, title=_title(topic["title"]), percent=format_percent(language, topic["percent"]))


def _advice(result: Result, language: str) -> Iterator[str]:
    """In the words of our catalogues; the report's, where one has advised."""
    advice = result.get("last_report") or result
    told_of = result.get("to_improve")
    improve = told_of if isinstance(told_of, dict) else advice
    if meaning := result.get("verdict_means"):
        yield t(language, "told-why", text=meaning)
    if improve.get("title") and improve.get("percent") is not None:
        percent = format_percent(language, improve["percent"])
        yield t(language, "told-weakest", title=_title(improve["title"]), percent=percent)
    if why := improve.get("why"):
        yield t(language, "told-why", text=why)
    if action := advice.get("ten_minutes"):
        yield t(language, "told-advice", action=_title(action))
    if question := advice.get("question_for_child"):
        yield t(language, "told-question", text=question)


def _comments(result: Result, language: str) -> Iterator[str]:
    for comment in result.get("comments") or ():
        text = _title(comment["teacher_wrote"])
        yield t(language, "told-comment", day=_day(comment["day"], language), text=text)
    if reach := result.get("reach_teacher"):
        yield t(language, "told-why", text=reach)


def _meaning(result: Result, language: str) -> Iterator[str]:
    """What a topic of the curriculum is, in plain words."""
    if result.get("meaning") and result.get("title"):
        yield t(language, "told-meaning", title=result["title"], text=result["meaning"])
        yield from _advice({**result, "title": None}, language)


def _subscription(result: Result, language: str) -> Iterator[str]:
    for tariff in result.get("tariffs") or ():
        yield t(language, "told-tariff", tariff=tariff["tariff"], price=tariff.get("price_text") or tariff["price"])
    own = result.get("own")
    if own and own.get("paid_until"):
        yield t(language, "told-paid-until", tariff=own["tariff"], day=_day(own["paid_until"], language))
    if commands := result.get("commands"):
        yield t(language, "told-commands", commands=", ".join(commands.values()))


def _work(result: Result, language: str) -> Iterator[str]:
    late = result.get("late") or ()
    for test in late:
        yield t(language, "told-late", title=_title(test["title"]), day=_day(test["due_on"], language))
    if not late and (count := result.get("overdue")):
        yield t(language, "told-late-count", count=count)
    for test in (result.get("due") or ())[:MOST_TESTS]:
        yield t(language, "told-due", title=_title(test["title"]), day=_day(test["due_on"], language))


def _title(title: str) -> str:
    """The school's own words: no link of theirs is one here, and no sign of theirs formats."""
    return _SIGNS.sub(r"\\\g<0>", without_links(title)).strip()


def _period(period: object, language: str) -> str:
    if not isinstance(period, dict):
        return ""
    return format_period(language, date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"]))


def _day(day: str, language: str) -> str:
    return format_day_month(language, date.fromisoformat(day))


_LINES: Final[Sequence[Callable[[Result, str], Iterator[str]]]] = (
    _study,
    _tests,
    _before,
    _awards_and_courses,
    _topics,
    _advice,
    _comments,
    _work,
)
