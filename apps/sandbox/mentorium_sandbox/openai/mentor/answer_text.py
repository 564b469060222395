"""What the tools' results hold, told in one language. A figure that a result lacks (null) is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from mentorium_sandbox.openai.mentor.phrases import Phrases

Result = Mapping[str, Any]
_MOST_TESTS = 5


def tell(results: Sequence[tuple[str, Result]], words: Phrases, *, compare: bool) -> str:
    """One paragraph a result, in order. `compare`: the question was about the time before."""
    told = [_paragraph(name, result, words, compare) for name, result in results]
    return "\n\n".join(dict.fromkeys(told))


def _paragraph(name: str, result: Result, words: Phrases, compare: bool) -> str:
    if "error" in result or name not in _PARAGRAPHS:
        return words.troubles.get(str(result.get("error")), words.troubles["unavailable"])
    try:
        return _PARAGRAPHS[name](result, words, compare)
    except (KeyError, TypeError, ValueError, AttributeError):  # whoever calls may mean other tools by these names
        return words.troubles["unavailable"]


def _progress(result: Result, words: Phrases, compare: bool) -> str:
    sentences = [_heading(result, words)]
    if not any(result.get(key) for key in ("study_minutes", "active_days", "lessons_done", "tests_taken")):
        sentences.append(words.idle)
    else:
        sentences += _figures(result, words)
    if compare and result.get("study_minutes_before") is not None:
        before = words.before.format(
            time=_duration(result["study_minutes_before"], words),
            days=result["active_days_before"],
            lessons=result["lessons_done_before"],
        )
        sentences.append(before)
    if result.get("overdue"):
        sentences.append(words.overdue.format(count=result["overdue"]))
    if _period_name(result).startswith("last") and result.get("verdict") in words.verdicts:
        sentences.append(words.verdicts[result["verdict"]])
    return " ".join(sentences)


def _figures(result: Result, words: Phrases) -> list[str]:
    sentences = []
    if result.get("study_minutes") is not None:
        sentences.append(
            words.time.format(time=_duration(result["study_minutes"], words), before=_before(result, words))
        )
    if result.get("active_days") is not None:
        sentences.append(words.active_days.format(days=result["active_days"], of=result["days_in_period"]))
    if result.get("lessons_done") is not None:
        sentences.append(words.lessons.format(count=result["lessons_done"]))
    if result.get("tests_taken") and result.get("average_percent") is not None:
        average = _percent(result["average_percent"], words)
        sentences.append(words.tests_taken.format(count=result["tests_taken"], percent=average))
    if result.get("streak_weeks", 0) > 1:
        sentences.append(words.streak.format(count=result["streak_weeks"]))
    sentences += [words.award.format(title=award["title"]) for award in result.get("awards", ())[:1]]
    return sentences


def _before(result: Result, words: Phrases) -> str:
    minutes = result.get("study_minutes_before")
    return "" if minutes is None else words.time_before.format(time=_duration(minutes, words))


def _tests(result: Result, words: Phrases, _: bool) -> str:
    tests = sorted(result.get("tests", ()), key=lambda test: str(test["day"]), reverse=True)[:_MOST_TESTS]
    if not tests:
        return f"{_heading(result, words)} {words.no_tests.capitalize()}"
    lines = [_heading(result, words), *(_test(test, words) for test in tests)]
    if result.get("average_percent") is not None:
        before = result.get("average_percent_before")
        told = "" if before is None else words.time_before.format(time=_percent(before, words))
        lines.append(words.average.format(percent=_percent(result["average_percent"], words), before=told))
    return "\n".join([*lines, *_due(result, words)])


def _test(test: Result, words: Phrases) -> str:
    return words.test.format(
        title=test["title"],
        score=_number(test["score"], words),
        of=_number(test["max_score"], words),
        percent=_percent(test["percent"], words),
        day=_day(test["day"], words),
    )


def _topics(result: Result, words: Phrases, _: bool) -> str:
    lines = [
        sentence.format(title=topic["title"], percent=_percent(topic["percent"], words), count=topic.get("results", 1))
        for sentence, topic in ((words.weakest, result.get("weakest")), (words.strongest, result.get("strongest")))
        if topic is not None
    ]
    return "\n".join([_heading(result, words), *(lines or [words.too_few])])


def _next_steps(result: Result, words: Phrases, _: bool) -> str:
    lines = [_heading(result, words)]
    for course in result.get("courses", ()):
        lines += _course(course, words)
    lines += _due(result, words) or [words.nothing_ahead]
    if result.get("overdue"):
        lines.append(words.overdue.format(count=result["overdue"]))
    return "\n".join(lines)


def _course(course: Result, words: Phrases) -> list[str]:
    done, required = course.get("lessons_done"), course.get("lessons_required")
    sentences = [] if done is None else [words.course.format(title=course["title"], done=done, of=required)]
    if titles := course.get("next_lessons"):
        sentences.append(words.next_lessons.format(titles="; ".join(titles)))
    if forecast := course.get("forecast"):
        sentences.append(words.forecast.format(months=_months(forecast, words)))
    return sentences


def _due(result: Result, words: Phrases) -> list[str]:
    return [
        words.due.format(title=test["title"], day=_day(test["due_on"], words)) for test in result.get("due", ())[:2]
    ]


def _heading(result: Result, words: Phrases) -> str:
    period = result.get("period")
    if period is None:
        return f"**{result['child']}.**"
    name = words.periods.get(period["name"], "")
    return f"**{result['child']}, {name}** ({_days(period, words)})."


def _period_name(result: Result) -> str:
    return str(result.get("period", {}).get("name", ""))


def _days(period: Result, words: Phrases) -> str:
    first, last = date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"])
    if first == last:
        return _day(period["last_day"], words)
    if (first.year, first.month) == (last.year, last.month):
        return words.days_of_month.format(first=first.day, last=last.day, month=words.months[last.month - 1])
    return words.days_across.format(first=_day(period["first_day"], words), last=_day(period["last_day"], words))


def _day(iso: str, words: Phrases) -> str:
    day = date.fromisoformat(iso)
    return words.day.format(day=day.day, month=words.months[day.month - 1])


def _months(forecast: Result, words: Phrases) -> str:
    first, last = (_month(forecast[key], words) for key in ("first_month", "last_month"))
    return first if first == last else f"{first} – {last}"


def _month(iso: str, words: Phrases) -> str:
    year, month = iso.split("-")[:2]
    return f"{words.months_standing[int(month) - 1]} {year}"


def _duration(minutes: float, words: Phrases) -> str:
    hours, rest = divmod(round(minutes), 60)
    parts = ([words.hours.format(hours=hours)] if hours else []) + (
        [words.minutes.format(minutes=rest)] if rest or not hours else []
    )
    return " ".join(parts)


def _number(value: float, words: Phrases) -> str:
    return f"{round(value, 1):g}".replace(".", words.decimal)


def _percent(value: float, words: Phrases) -> str:
    return f"{_number(value, words)}%"


_PARAGRAPHS: Mapping[str, Callable[[Result, Phrases, bool], str]] = {
    "get_progress": _progress,
    "get_tests": _tests,
    "get_topics": _topics,
    "get_next_steps": _next_steps,
}
