"""Answers that explain: why, is that bad, what to do tonight, what a topic is, the teacher's words, the price."""

from __future__ import annotations

from datetime import date
from typing import Any

from mentorium_sandbox.openai.mentor.formats import (
    Result,
    day_of,
    days_of,
    duration,
    heading,
    number,
    percent,
    with_results,
)
from mentorium_sandbox.openai.mentor.phrases import Phrases
from mentorium_sandbox.openai.mentor.question_parser import Question

_MOST_TESTS = 4
_MOST_TITLES = 5


def why(result: Result, words: Phrases, _: Question) -> str:
    """What the figures show, beside those of the days before; the reason is the child's to tell."""
    verdict = words.verdicts.get(str(result["verdict"]), "")
    lines = [heading(result, words), words.verdict_because.format(verdict=verdict, means=result["verdict_means"])]
    for period, key in ((result.get("period"), ""), (result.get("before"), "_before")):
        if period and result.get(f"study_minutes{key}") is not None:
            figures = {"time": duration(result[f"study_minutes{key}"], words), "lessons": result[f"lessons_done{key}"]}
            lines.append(words.comparison.format(days=days_of(period, words), **figures))
    lines += _to_improve(result, words)
    lines += _late(result, words)
    lines.append(words.ask_the_child.format(question=result["question_for_child"]))
    return "\n".join(lines)


def tonight(result: Result, words: Phrases, _: Question) -> str:
    lines = [f"**{result['child']}.**"]
    lines += _to_improve(result, words)
    lines.append(words.ten_minutes.format(action=result["ten_minutes"]))
    lines.append(words.ask.format(question=result["question_for_child"]))
    lines += _late(result, words)
    if result.get("next_lesson"):
        lines.append(words.next_lesson.format(title=result["next_lesson"]))
    return "\n".join(lines)


def judged(result: Result, words: Phrases, _: Question) -> str:
    tests = with_results(result)[:_MOST_TESTS]
    if not tests:
        return f"{heading(result, words)} {words.no_tests.capitalize()}"
    lines = [heading(result, words), *(_judged_test(test, words) for test in tests), words.not_a_verdict]
    return "\n".join(lines)


def why_result(result: Result, words: Phrases, question: Question) -> str:
    return f"{judged(result, words, question)}\n{words.only_the_child}"


def by_day(result: Result, words: Phrases, question: Question) -> str:
    minutes, period = result.get("study_minutes_by_day"), result["period"]
    if minutes is None:
        return words.troubles["unavailable"]
    first, last = (date.fromisoformat(period[key]) for key in ("first_day", "last_day"))
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    asked = [day for day in days if not question.weekdays or day.weekday() in question.weekdays]
    return "\n".join([heading(result, words), *(_day_line(day, minutes, words) for day in asked)]) if asked else ""


def lessons(result: Result, words: Phrases, _: Question) -> str:
    titles = result.get("lesson_titles") or ()
    said = words.lessons_titled.format(titles="; ".join(titles[-_MOST_TITLES:])) if titles else words.no_lessons
    return f"{heading(result, words)} {said}"


def awards(result: Result, words: Phrases, _: Question) -> str:
    lines = [
        words.award_on.format(title=award["title"], day=day_of(award["earned_on"], words))
        for award in result.get("awards") or ()
    ]
    return "\n".join([heading(result, words), *(lines or [words.no_awards])])


def late(result: Result, words: Phrases, _: Question) -> str:
    return "\n".join([f"**{result['child']}.**", *(_late(result, words) or [words.nothing_late])])


def next_test(result: Result, words: Phrases, _: Question) -> str:
    ahead = sorted(result.get("due") or (), key=lambda test: str(test["due_on"]))
    if not ahead:
        return f"**{result['child']}.** {words.no_next_test}"
    said = words.next_test.format(title=ahead[0]["title"], day=day_of(ahead[0]["due_on"], words))
    return f"**{result['child']}.** {said}"


def comments(result: Result, words: Phrases, _: Question) -> str:
    lines = [
        words.comment.format(day=day_of(comment["day"], words), text=comment["teacher_wrote"])
        for comment in result.get("comments") or ()
    ]
    return "\n".join([f"**{result['child']}.**", *(lines or [words.no_comments]), result["reach_teacher"]])


def explained(result: Result, words: Phrases, _: Question) -> str:
    return "\n".join(
        [
            words.explained.format(title=result["title"], meaning=result["meaning"]),
            words.ask.format(question=result["question_for_child"]),
        ]
    )


def prices(result: Result, words: Phrases, _: Question) -> str:
    lines = [words.price.format(tariff=one["tariff"], price=one["price_text"]) for one in result["tariffs"]]
    return "\n".join([*lines, _own(result, words), words.buy])


def refund(result: Result, words: Phrases, _: Question) -> str:
    return f"{words.refund}\n{_own(result, words)}"


def _own(result: Result, words: Phrases) -> str:
    own: Any = result.get("own")
    if own is None:
        return words.no_own
    until = words.own.format(tariff=own["tariff"], day=day_of(own["paid_until"], words))
    return f"{until} {words.renews if own['renews'] else words.ends}"


def _late(result: Result, words: Phrases) -> list[str]:
    return [
        words.late.format(title=test["title"], day=day_of(test["due_on"], words)) for test in result.get("late") or ()
    ]


def _to_improve(result: Result, words: Phrases) -> list[str]:
    improve = result.get("to_improve")
    if not improve or not improve.get("title"):
        return []
    return [words.to_improve.format(title=improve["title"], why=improve["why"])]


def _judged_test(test: Result, words: Phrases) -> str:
    said = words.test.format(
        title=test["title"],
        score=number(test["score"], words),
        of=number(test["max_score"], words),
        percent=percent(test["percent"], words),
        day=day_of(test["day"], words),
    )
    if test.get("pass_score") is None:
        return f"{said}; {words.no_pass_mark}"
    mark = number(test["pass_score"], words)
    return f"{said}; {(words.passed if test['passed'] else words.not_passed).format(mark=mark)}"


def _day_line(day: date, minutes: Result, words: Phrases) -> str:
    told = {"weekday": words.weekdays[day.weekday()].capitalize(), "day": day_of(day.isoformat(), words)}
    if not (studied := minutes.get(day.isoformat())):
        return words.no_study_day.format(**told)
    return words.by_day.format(time=duration(studied, words), **told)
