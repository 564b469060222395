"""What a voice says of a report: short sentences, every number in words, most important first to stay.

A document's teacher's words are not read out: they are somebody's own, and may name a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod
from typing import Final, TypeVar

from mentorium_core.advice.model import (
    ChildQuestion,
    DatedWork,
    HardTest,
    Improvement,
    LessStudy,
    OverdueWork,
    Shortfall,
    WeakTopic,
)
from mentorium_core.i18n import clip, format_month_alone, t
from mentorium_core.i18n.number_words import day_words, duration_words, number_words, percent_words, spell_out
from mentorium_core.progress.model import PeriodKind, Titles
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Achievement,
    AwardEarned,
    CameBack,
    CaughtUp,
    CourseFinished,
    DueSoon,
    FinishedLessons,
    GoodTest,
    Idle,
    LessonsDone,
    Mended,
    MilestoneReached,
    Overdue,
    ReportDocument,
    StudiedMore,
    StudyTime,
    TeacherComment,
    TestsTaken,
    VerdictLine,
    WeeksInARow,
    Win,
)
from mentorium_domain.enums import Language

_TITLE_LIMIT: Final = 60
_NAME_LIMIT: Final = 40

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`rank`: what is left out first, where there is too much, has the highest; 0 is always said."""

    rank: int
    text: str


def voice_words(
    document: ReportDocument, language: Language, *, named: bool, hide: Callable[[str], str], most: int
) -> str:
    """What is said, in at most `most` characters. `hide` goes over each title; without `named` no name is said.

    It says first that a machine speaks.
    """
    said = list(_Voice(document, language, hide).sentences(named=named))
    while len(spoken := " ".join(sentence.text for sentence in said)) > most:
        last = max(said, key=lambda sentence: sentence.rank)
        if last.rank == 0:
            return spoken
        said.remove(last)
    return spoken


class _Voice:
    def __init__(self, document: ReportDocument, language: Language, hide: Callable[[str], str]) -> None:
        self._document = document
        self._language = language
        self._hide = hide
        self._lines = Lines(document, language, _TITLE_LIMIT)
        self._kind = document.period.kind.value

    def sentences(self, *, named: bool) -> Iterator[Sentence]:
        yield Sentence(0, self._intro(named))
        yield Sentence(0, self._verdict())
        yield from self._figures()
        if (win := self._first(Win)) is not None:
            yield Sentence(1, self._t("voice-win", win=self.of(win.achievement)))
        if (improvement := self._first(Improvement)) is not None:
            action = spell_out(self._language, self._t(f"action-{improvement.action_id}"))
            yield Sentence(1, self._t("voice-improve", what=self.of(improvement.shortfall), action=action))
        yield from self._ahead()

    def _verdict(self) -> str:
        idle = self._first(Idle)
        if idle is None:
            return spell_out(self._language, self._lines.of(VerdictLine(self._document.verdict)))
        if idle.began_on is not None:
            return self._t("voice-not-begun", day=self._day(idle.began_on))
        return spell_out(self._language, self._lines.of(idle).partition("\n")[0])

    def _intro(self, named: bool) -> str:
        period = self._document.period
        if period.kind is PeriodKind.MONTH:
            days = format_month_alone(self._language, period.first_day)
        else:
            days = self._t("voice-week", first=self._day(period.first_day), last=self._day(period.last_day))
        name = spell_out(self._language, clip(self._document.name, _NAME_LIMIT))
        if not named or not name:
            return self._t("voice-intro-child", period=days)
        return self._t("voice-intro", name=name, period=days)

    def _figures(self) -> Iterator[Sentence]:
        if (study := self._first(StudyTime)) is not None:
            time = self._duration(study.seconds)
            if study.before_seconds:
                before = self._duration(study.before_seconds)
                yield Sentence(2, self._t("voice-study-before", time=time, before=before, kind=self._kind))
            else:
                yield Sentence(2, self._t("voice-study", time=time))
        if (lessons := self._first(LessonsDone)) is not None and lessons.count:
            yield Sentence(2, self._t("voice-lessons", count=self._number(lessons.count)))
        if (tests := self._first(TestsTaken)) is not None and tests.average is not None:
            percent = percent_words(self._language, tests.average)
            if tests.count == 1:
                yield Sentence(3, self._t("voice-tests-one", percent=percent))
            else:
                yield Sentence(3, self._t("voice-tests", count=self._number(tests.count), percent=percent))

    def _ahead(self) -> Iterator[Sentence]:
        if (overdue := self._first(Overdue)) is not None:
            yield Sentence(3, self._overdue(overdue.works, overdue.count))
        if (due := self._first(DueSoon)) is not None:
            yield Sentence(4, self._t("voice-due", title=self._title(due.title), day=self._day(due.due_on)))
        if (asked := self._first(ChildQuestion)) is not None:
            question = spell_out(self._language, self._t(f"question-{asked.question_id}"))
            yield Sentence(4, self._t("voice-question", question=question))
        if self._first(TeacherComment) is not None:
            yield Sentence(5, self._t("voice-words"))

    @singledispatchmethod
    def of(self, block: Achievement | Shortfall) -> str:
        """The part of the sentence that tells it."""
        raise TypeError(f"no words for {type(block).__name__}")

    @of.register
    def _(self, block: CourseFinished) -> str:
        return self._t("voice-win-course", title=self._title(block.title))

    @of.register
    def _(self, block: GoodTest) -> str:
        return self._t(
            "voice-win-test", title=self._title(block.title), percent=percent_words(self._language, block.percent)
        )

    @of.register
    def _(self, block: Mended) -> str:
        return self._t("voice-win-mended", title=self._title(block.title))

    @of.register
    def _(self, block: MilestoneReached) -> str:
        return self._t(f"voice-win-milestone-{block.share}", title=self._title(block.title))

    @of.register
    def _(self, block: AwardEarned) -> str:
        return self._t("voice-win-award", title=self._title(block.title))

    @of.register
    def _(self, _block: CameBack) -> str:
        return self._t("voice-win-came-back")

    @of.register
    def _(self, _block: CaughtUp) -> str:
        return self._t("voice-win-caught-up")

    @of.register
    def _(self, _block: StudiedMore) -> str:
        return self._t("voice-win-more")

    @of.register
    def _(self, block: WeeksInARow) -> str:
        return self._t("voice-win-streak", count=self._number(block.weeks))

    @of.register
    def _(self, block: FinishedLessons) -> str:
        return self._t("voice-win-lessons", count=self._number(block.count))

    @of.register
    def _(self, block: WeakTopic) -> str:
        return self._t(
            "voice-improve-topic", title=self._title(block.title), percent=percent_words(self._language, block.percent)
        )

    @of.register
    def _(self, block: HardTest) -> str:
        return self._t(
            "voice-improve-test", title=self._title(block.title), percent=percent_words(self._language, block.percent)
        )

    @of.register
    def _(self, _block: OverdueWork) -> str:
        return self._t("voice-improve-overdue")

    @of.register
    def _(self, _block: LessStudy) -> str:
        return self._t("voice-improve-less")

    def _overdue(self, works: tuple[DatedWork, ...], count: int) -> str:
        if not works:
            return self._t("voice-overdue", count=self._number(count))
        first, day = self._title(works[0].title), self._day(works[0].due_on)
        return self._t("voice-overdue-named", title=first, day=day, count=self._number(count))

    def _first(self, kind: type[Kind]) -> Kind | None:
        return next((block for block in self._document.blocks if isinstance(block, kind)), None)

    def _title(self, titles: Titles) -> str:
        return spell_out(self._language, self._hide(clip(titles.get(self._language), _TITLE_LIMIT)))

    def _day(self, day: date) -> str:
        return day_words(self._language, day)

    def _duration(self, seconds: int) -> str:
        return duration_words(self._language, seconds)

    def _number(self, number: int) -> str:
        return number_words(self._language, number)

    def _t(self, key: str, **arguments: str | int) -> str:
        return t(self._language, key, **arguments)
