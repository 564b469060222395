"""The sentence of each block in one language. Titles and names are clipped; numbers and dates are written its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod

from mentorium_core.advice.model import (
    ChildQuestion,
    DatedWork,
    DoneTogether,
    HardTest,
    Improvement,
    LessStudy,
    OverdueWork,
    Shortfall,
    WeakTopic,
)
from mentorium_core.i18n import (
    clip,
    format_day_month,
    format_duration,
    format_list,
    format_months,
    format_number,
    format_percent,
    format_period,
    format_weekday,
    t,
)
from mentorium_core.progress.model import Titles
from mentorium_core.reports.model import (
    Achievement,
    AwardEarned,
    Awards,
    Block,
    CameBack,
    CaughtUp,
    CourseFinished,
    CourseLine,
    DueSoon,
    FinishedLessons,
    GoodTest,
    Idle,
    IdleReason,
    LessonsDone,
    Mended,
    MilestoneReached,
    MoreTests,
    NewMaterials,
    NextStep,
    Overdue,
    PartialNote,
    PeriodNote,
    ReportDocument,
    StaleNote,
    StrongTopic,
    StudiedMore,
    StudyTime,
    SubscriptionNote,
    TeacherComment,
    TestScore,
    TestsTaken,
    Trend,
    VerdictLine,
    WeekLine,
    WeeksInARow,
    Win,
)
from mentorium_core.reports.tone import variant_of
from mentorium_kit.clock import TASHKENT

COMMENT_LIMIT = 1800
_INVITES_BACK = {IdleReason.NO_STUDY, IdleReason.NOT_BEGUN}


class Lines:
    """The lines of one document in one language, titles clipped to `title_limit` characters."""

    def __init__(self, document: ReportDocument, language: str, title_limit: int) -> None:
        self._language = language
        self._title_limit = title_limit
        self._kind = document.period.kind.value
        self._period_days = document.period.days
        self._is_idle = any(isinstance(block, Idle) for block in document.blocks)
        self._variant = variant_of(document, is_praise=False)
        self._praise = variant_of(document, is_praise=True)

    @singledispatchmethod
    def of(self, block: Block | Achievement | Shortfall) -> str:
        """The text of one block, most often one line; of an achievement or shortfall, the part of the sentence."""
        raise TypeError(f"no sentence for {type(block).__name__}")

    @of.register
    def _(self, _block: PeriodNote) -> str:
        return self._t("report-period-note", kind=self._kind)

    @of.register
    def _(self, block: VerdictLine) -> str:
        return self._t(f"verdict-{block.verdict}-{self._variant}")

    @of.register
    def _(self, block: Idle) -> str:
        if block.began_on is not None:
            return self._t(f"idle-{block.reason}", day=self._day(block.began_on))
        if block.reason not in _INVITES_BACK:
            return self._t(f"idle-{block.reason}")
        rest = self._t(f"idle-{block.reason}{f'-{self._variant}' if block.reason is IdleReason.NO_STUDY else ''}")
        if block.way_back is None:
            return f"{rest}\n{self._t('idle-way-back')}"
        return f"{rest}\n{self._t('idle-way-back-lesson', title=self.title(block.way_back))}"

    @of.register
    def _(self, block: StudyTime) -> str:
        figures: dict[str, str | int] = {
            "time": self._duration(block.seconds),
            "days": block.days,
            "of": self._period_days,
        }
        if block.before_seconds is None:
            return self._t("report-study", **figures)
        if block.before_seconds == 0:
            return self._t("report-study-before-none", kind=self._kind, **figures)
        before = self._duration(block.before_seconds)
        return self._t("report-study-before", kind=self._kind, before=before, **figures)

    @of.register
    def _(self, block: LessonsDone) -> str:
        if block.before is None:
            return self._t("report-lessons", count=block.count)
        return self._t("report-lessons-before", kind=self._kind, count=block.count, before=block.before)

    @of.register
    def _(self, block: TestsTaken) -> str:
        if block.average is None:
            return self._t("report-tests-taken", count=block.count)
        if block.count == 1:
            return self._t("report-tests-one")
        average = self._percent(block.average)
        if block.before is None:
            return self._t("report-tests", count=block.count, average=average)
        return self._t("report-tests-before", count=block.count, average=average, before=self._percent(block.before))

    @of.register
    def _(self, block: TestScore) -> str:
        if block.max_score <= 0:
            return self._t("report-test-taken", title=self.title(block.title))
        if block.retaken_from is not None:
            before = format_number(self._language, block.retaken_from)
            return self._t("report-test-retaken", before=before, **self._points(block))
        return self._t("report-test-score", **self._points(block))

    @of.register
    def _(self, block: MoreTests) -> str:
        return self._t("report-tests-more", count=block.count)

    @of.register
    def _(self, block: DoneTogether) -> str:
        if block.title is None or block.before is None:
            return self._t("report-done")
        figures = {"title": self.title(block.title), "before": self._percent(block.before)}
        if block.now is None:
            return self._t("report-done-no-result", title=figures["title"])
        return self._t("report-done-result", now=self._percent(block.now), **figures)

    @of.register
    def _(self, block: Trend) -> str:
        first, last = self._duration(block.first_seconds), self._duration(block.last_seconds)
        return self._t("report-trend", first=first, last=last)

    @of.register
    def _(self, block: Win) -> str:
        return self._t(f"report-win-{self._praise}", win=self.of(block.achievement))

    @of.register
    def _(self, block: CourseFinished) -> str:
        return self._t("win-course", title=self.title(block.title))

    @of.register
    def _(self, block: GoodTest) -> str:
        key = "win-test-best" if block.best_in_month else "win-test"
        return self._t(key, percent=self._percent(block.percent), **self._points(block))

    @of.register
    def _(self, block: Mended) -> str:
        before = format_number(self._language, block.before)
        return self._t("win-mended", before=before, **self._points(block))

    @of.register
    def _(self, block: MilestoneReached) -> str:
        return self._t(f"win-milestone-{block.share}", title=self.title(block.title))

    @of.register
    def _(self, block: AwardEarned) -> str:
        return self._t("win-award", title=self.title(block.title))

    @of.register
    def _(self, block: CameBack) -> str:
        return self._t("win-came-back", days=block.days)

    @of.register
    def _(self, block: CaughtUp) -> str:
        return self._t("win-caught-up", before=block.before)

    @of.register
    def _(self, block: StudiedMore) -> str:
        return self._t("win-more", **self._times(block))

    @of.register
    def _(self, block: WeeksInARow) -> str:
        return self._t("win-streak", weeks=block.weeks)

    @of.register
    def _(self, block: FinishedLessons) -> str:
        if block.title is None:
            return self._t("win-lessons", count=block.count)
        return self._t("win-lessons-last", count=block.count, title=self.title(block.title))

    @of.register
    def _(self, block: Improvement) -> str:
        action = self._t(f"action-{block.action_id}")
        return self._t(f"report-improve-{self._variant}", what=self.of(block.shortfall), action=action)

    @of.register
    def _(self, block: WeakTopic) -> str:
        return self._t("improve-topic", percent=self._percent(block.percent), **self._points(block))

    @of.register
    def _(self, block: HardTest) -> str:
        return self._t("improve-test", percent=self._percent(block.percent), **self._points(block))

    @of.register
    def _(self, block: OverdueWork) -> str:
        if block.works:
            return self._t("improve-overdue-named", works=self._works(block.works, block.count))
        return self._t("improve-overdue", count=block.count)

    @of.register
    def _(self, block: LessStudy) -> str:
        return self._t("improve-less", **self._times(block))

    @of.register
    def _(self, block: ChildQuestion) -> str:
        question = self._t(f"question-{block.question_id}")
        return self._t(f"report-question-{self._variant}", question=question)

    @of.register
    def _(self, block: StrongTopic) -> str:
        return self._t("report-strong-topic", title=self.title(block.title), percent=self._percent(block.percent))

    @of.register
    def _(self, block: Awards) -> str:
        titles = [self._quoted(title) for title in block.titles]
        return self._t("report-awards", titles=format_list(self._language, titles))

    @of.register
    def _(self, block: TeacherComment) -> str:
        body = clip(block.body, COMMENT_LIMIT)
        if not block.author:
            return self._t("report-comment-teacher", body=body)
        return self._t("report-comment", author=clip(block.author, self._title_limit), body=body)

    @of.register
    def _(self, block: Overdue) -> str:
        if not block.works:
            return self._t("report-overdue", count=block.count)
        return self._t("report-overdue-named", works=self._works(block.works, block.count))

    @of.register
    def _(self, block: NextStep) -> str:
        if block.position <= 0:
            return self._t("report-next-title", title=self.title(block.title))
        return self._t("report-next", position=block.position, title=self.title(block.title))

    @of.register
    def _(self, block: DueSoon) -> str:
        weekday = format_weekday(self._language, block.due_on)
        key = "report-due-now" if block.acts else "report-due"
        return self._t(key, title=self.title(block.title), day=self._day(block.due_on), weekday=weekday)

    @of.register
    def _(self, block: CourseLine) -> str:
        figures: dict[str, str | int] = {"done": block.done, "required": block.required}
        title = self.title(block.title)
        if block.as_of is None:
            line = self._t("report-course", title=title, **figures)
        else:
            line = self._t("report-course-then", title=title, day=self._day(block.as_of), **figures)
        if block.forecast is None:
            return line
        months = format_months(self._language, block.forecast.first_month, block.forecast.last_month)
        return f"{line} {self._t('report-forecast', months=months)}"

    @of.register
    def _(self, block: NewMaterials) -> str:
        if not block.titles:
            return self._t("report-materials", count=block.count)
        titles = [self._quoted(title) for title in block.titles]
        return self._t("report-materials-named", titles=self._and_more(titles, block.count - len(titles)))

    @of.register
    def _(self, block: StaleNote) -> str:
        moment = block.as_of.astimezone(TASHKENT)
        return self._t("report-stale", day=self._day(moment.date()), time=f"{moment:%H:%M}")

    @of.register
    def _(self, _block: PartialNote) -> str:
        return self._t("report-partial")

    @of.register
    def _(self, _block: SubscriptionNote) -> str:
        return self._t("report-subscription-short" if self._is_idle else "report-subscription")

    @of.register
    def _(self, block: WeekLine) -> str:
        period = format_period(self._language, block.period.first_day, block.period.last_day)
        if block.is_idle:
            return self._t("report-week-line-none", period=period)
        verdict = self.of(VerdictLine(block.verdict))
        if block.seconds is None or block.lessons is None:
            return self._t("report-week-line-verdict", period=period, verdict=verdict)
        time = self._duration(block.seconds)
        return self._t("report-week-line", period=period, time=time, lessons=block.lessons, verdict=verdict)

    def _t(self, key: str, **arguments: str | int) -> str:
        return t(self._language, key, **arguments)

    def title(self, titles: Titles) -> str:
        return clip(titles.get(self._language), self._title_limit)

    def _quoted(self, titles: Titles) -> str:
        return t(self._language, "format-quoted", text=self.title(titles))

    def _works(self, works: Sequence[DatedWork], count: int) -> str:
        """Works by title and date, and how many more there are."""
        named = [self._t("report-work", title=self.title(work.title), day=self._day(work.due_on)) for work in works]
        return self._and_more(named, count - len(named))

    def _and_more(self, named: Sequence[str], more: int) -> str:
        if more <= 0:
            return format_list(self._language, list(named))
        return self._t("report-and-more", named=", ".join(named), more=more)

    def _points(self, block: TestScore | GoodTest | Mended | WeakTopic | HardTest) -> dict[str, str]:
        return {
            "title": self.title(block.title),
            "score": format_number(self._language, block.score),
            "max_score": format_number(self._language, block.max_score),
        }

    def _times(self, block: StudiedMore | LessStudy) -> dict[str, str]:
        return {"time": self._duration(block.seconds), "before": self._duration(block.before_seconds)}

    def _percent(self, percent: Decimal) -> str:
        return format_percent(self._language, percent)

    def _duration(self, seconds: int) -> str:
        return format_duration(self._language, seconds)

    def _day(self, day: date) -> str:
        return format_day_month(self._language, day)
