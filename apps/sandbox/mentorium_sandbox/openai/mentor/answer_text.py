"""What the tools' results hold, told in one language. A figure that a result lacks (null) is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mentorium_sandbox.openai.mentor import explanations
from mentorium_sandbox.openai.mentor.formats import (
    Result,
    day_of,
    days_of,
    duration,
    heading,
    months_of,
    number,
    percent,
    period_name,
    with_results,
)
from mentorium_sandbox.openai.mentor.phrases import Phrases
from mentorium_sandbox.openai.mentor.question_parser import Question
from mentorium_sandbox.openai.mentor.subjects import Subject

_MOST_TESTS = 5


def tell(question: Question, results: Sequence[tuple[str, Result]], words: Phrases) -> str:
    """One paragraph a result, in order, and what is to be said of all of them."""
    told = [_paragraph(question, name, result, words) for name, result in results]
    if question.subject is Subject.COMPARED and len(told) > 1:
        told.append(words.side_by_side)
    said = "\n\n".join(dict.fromkeys(paragraph for paragraph in told if paragraph))
    return _closing_once(said) if question.subject in _WITH_A_CLOSING else said


def _closing_once(said: str) -> str:
    """What is true of all children alike, said once: behind the last of them."""
    lines = said.split("\n")
    last = {line: place for place, line in enumerate(lines)}
    return "\n".join(line for place, line in enumerate(lines) if last[line] == place or not line)


def _paragraph(question: Question, name: str, result: Result, words: Phrases) -> str:
    told = _OF_SUBJECT.get((question.subject, name)) or _OF_TOOL.get(name)
    if "error" in result or told is None:
        return words.troubles.get(str(result.get("error")), words.troubles["unavailable"])
    try:
        return told(result, words, question)
    except (KeyError, TypeError, ValueError, AttributeError):  # whoever calls may mean other tools by these names
        return words.troubles["unavailable"]


def _progress(result: Result, words: Phrases, question: Question) -> str:
    sentences = [heading(result, words)]
    if not any(result.get(key) for key in ("study_minutes", "active_days", "lessons_done", "tests_taken")):
        sentences.append(words.idle)
    else:
        sentences += _figures(result, words)
    if result.get("overdue"):
        sentences.append(words.overdue.format(count=result["overdue"]))
    if period_name(result).startswith("last") and result.get("verdict") in words.verdicts:
        sentences.append(words.verdicts[result["verdict"]])
    return "\n".join([" ".join(sentences), *_before(result, words, question)])


def _figures(result: Result, words: Phrases) -> list[str]:
    sentences = []
    if result.get("study_minutes") is not None:
        minutes, earlier = result.get("study_minutes_before"), ""
        if minutes is not None and not result.get("before"):
            earlier = words.time_before.format(time=duration(minutes, words))
        sentences.append(words.time.format(time=duration(result["study_minutes"], words), before=earlier))
    if result.get("active_days") is not None:
        sentences.append(words.active_days.format(days=result["active_days"], of=result["days_in_period"]))
    if result.get("lessons_done") is not None:
        sentences.append(words.lessons.format(count=result["lessons_done"]))
    if result.get("tests_taken") and result.get("average_percent") is not None:
        average = percent(result["average_percent"], words)
        sentences.append(words.tests_taken.format(count=result["tests_taken"], percent=average))
    if result.get("streak_weeks", 0) > 1:
        sentences.append(words.streak.format(count=result["streak_weeks"]))
    sentences += [words.award.format(title=award["title"]) for award in result.get("awards", ())[:1]]
    return sentences


def _before(result: Result, words: Phrases, question: Question) -> list[str]:
    """What it is compared with, on a line of its own and by its own dates: no figure stands beside days not its own."""
    if result.get("study_minutes_before") is None:
        return []
    figures = {"time": duration(result["study_minutes_before"], words), "lessons": result["lessons_done_before"]}
    if before := result.get("before"):
        return [words.comparison.format(days=days_of(before, words), **figures)]
    if question.side == "before":
        return [words.before.format(days=result["active_days_before"], **figures)]
    return []


def _tests(result: Result, words: Phrases, _: Question) -> str:
    tests = with_results(result)[:_MOST_TESTS]
    if not tests:
        return f"{heading(result, words)} {words.no_tests.capitalize()}"
    lines = [heading(result, words)]
    if result.get("average_percent") is not None:
        lines.append(words.average.format(percent=percent(result["average_percent"], words)))
    lines += [_test(test, words) for test in tests]
    if (earlier := result.get("average_percent_before")) is not None and (before := result.get("before")):
        told = {"days": days_of(before, words), "percent": percent(earlier, words)}
        lines.append(words.average_before.format(**told))
    return "\n".join([*lines, *_due(result, words)])


def _test(test: Result, words: Phrases) -> str:
    return words.test.format(
        title=test["title"],
        score=number(test["score"], words),
        of=number(test["max_score"], words),
        percent=percent(test["percent"], words),
        day=day_of(test["day"], words),
    )


def _topics(result: Result, words: Phrases, _: Question) -> str:
    lines = [
        sentence.format(title=topic["title"], percent=percent(topic["percent"], words), count=topic.get("results", 1))
        for sentence, topic in ((words.weakest, result.get("weakest")), (words.strongest, result.get("strongest")))
        if topic is not None
    ]
    return "\n".join([heading(result, words), *(lines or [words.too_few])])


def _next_steps(result: Result, words: Phrases, _: Question) -> str:
    lines = [heading(result, words)]
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
        sentences.append(words.forecast.format(months=months_of(forecast, words)))
    return sentences


def _due(result: Result, words: Phrases) -> list[str]:
    return [
        words.due.format(title=test["title"], day=day_of(test["due_on"], words)) for test in result.get("due", ())[:2]
    ]


_WITH_A_CLOSING = {Subject.COMMENTS, Subject.JUDGED, Subject.WHY_RESULT}
_Paragraph = Callable[[Result, Phrases, Question], str]
_OF_TOOL: Mapping[str, _Paragraph] = {
    "get_progress": _progress,
    "get_tests": _tests,
    "get_topics": _topics,
    "get_next_steps": _next_steps,
    "get_advice": explanations.tonight,
    "get_comments": explanations.comments,
    "explain_topic": explanations.explained,
    "get_subscription": explanations.prices,
}
_OF_SUBJECT: Mapping[tuple[Subject, str], _Paragraph] = {
    (Subject.WHY, "get_advice"): explanations.why,
    (Subject.JUDGED, "get_tests"): explanations.judged,
    (Subject.WHY_RESULT, "get_tests"): explanations.why_result,
    (Subject.BY_DAY, "get_progress"): explanations.by_day,
    (Subject.LESSONS, "get_progress"): explanations.lessons,
    (Subject.AWARDS, "get_progress"): explanations.awards,
    (Subject.LATE, "get_next_steps"): explanations.late,
    (Subject.NEXT_TEST, "get_next_steps"): explanations.next_test,
    (Subject.REFUND, "get_subscription"): explanations.refund,
}
