"""What holds for every report on every learner, in every language. `HARDSHIP_LONG=1`: for 10,000 learners."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

import pytest

from mentorium_core.advice.model import ChildQuestion, DoneTogether, Improvement, Memory, OverdueWork
from mentorium_core.advice.rules import action_pool
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import PeriodKind, Verdict, week_of
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Block,
    Idle,
    Overdue,
    ReportDocument,
    SubscriptionNote,
    VerdictLine,
    WeekLine,
    Win,
)
from mentorium_core.reports.rules import compose
from mentorium_core.reports.sentences import gloss, sentences_of
from mentorium_core.reports.text import render_text
from mentorium_domain.enums import Language
from tests.fixtures.long_form import LONG
from tests.unit.core.reports.figures import figures_in, figures_of
from tests.unit.core.reports.random_facts import RandomLearner

LEARNERS, TEXTS = (10_000, 3_000) if LONG else (900, 300)
ORDER: tuple[type[Block], ...] = get_args(get_args(Block)[0])  # in the order in which they are shown
# Groups of figures that are one figure to a reader: a duration, a time of day.
DURATION = re.compile(r"\d+ (?:ч|soat|h)\b(?: \d+ (?:мин|daqiqa|min))?|\d+ (?:soat|мин|daqiqa|min)|\d\d:\d\d")
NUMBER = re.compile(r"\d+(?:[\u00a0,.]\d+)*")


@dataclass(frozen=True, slots=True)
class Reported:
    """`document` is the report that this learner's parent has paid for."""

    learner: RandomLearner
    document: ReportDocument

    @classmethod
    def draw(cls, seed: int) -> Reported:
        learner = RandomLearner(seed)
        return cls(learner, compose(learner.facts, learner.now, Access.FULL, Memory(), asked=True))


@pytest.fixture(scope="module")
def reports() -> list[Reported]:
    """Made once: drawing and composing them takes longer than all that is asked of them."""
    return [Reported.draw(seed) for seed in range(LEARNERS)]


def is_idle(document: ReportDocument) -> bool:
    return any(isinstance(block, Idle) for block in document.blocks)


def count(document: ReportDocument, kind: type[Block]) -> int:
    return sum(isinstance(block, kind) for block in document.blocks)


def test_at_most_one_improvement_and_one_win_and_exactly_one_question(reports: list[Reported]) -> None:
    seen = {0: 0, 1: 0}
    for document in (report.document for report in reports):
        assert count(document, Improvement) <= 1
        assert count(document, Win) <= 1
        assert count(document, ChildQuestion) == (0 if is_idle(document) else 1)
        seen[count(document, Improvement)] += 1
    assert min(seen.values()) > LEARNERS / 20


def test_overdue_work_is_always_told(reports: list[Reported]) -> None:
    for learner, document in ((report.learner, report.document) for report in reports):
        told = [
            block
            for block in document.blocks
            if isinstance(block, Overdue)
            or (isinstance(block, Improvement) and isinstance(block.shortfall, OverdueWork))
        ]
        is_expected = bool(learner.facts.late) and not (is_idle(document) and document.verdict == "finished")
        assert len(told) == int(is_expected)


def test_blocks_stand_in_one_order(reports: list[Reported]) -> None:
    places = {kind: place for place, kind in enumerate(ORDER)}
    for report in reports:
        order = [places[type(block)] for block in report.document.blocks]
        assert order == sorted(order)


def test_without_a_subscription_it_has_verdict_win_and_late_work(reports: list[Reported]) -> None:
    for learner in (report.learner for report in reports):
        document = compose(learner.facts, learner.now, Access.LIMITED, Memory(), asked=False)
        kinds = {type(block).__name__ for block in document.blocks}
        assert kinds <= {"VerdictLine", "Win", "Overdue", "SubscriptionNote", "Idle", "StaleNote", "PartialNote"}
        assert document.chart is None
        assert not document.is_whole
        assert is_idle(document) or count(document, VerdictLine) == 1
        is_told = bool(learner.facts.late) and document.verdict is not Verdict.FINISHED
        assert count(document, Overdue) == int(is_told)


@pytest.mark.parametrize("language", Language)
def test_every_text_is_short_and_true(reports: list[Reported], language: str) -> None:
    for learner, document in ((report.learner, report.document) for report in reports[:TEXTS]):
        text = render_text(document, language)
        assert len(text.encode("utf-16-le")) // 2 <= (500 if is_idle(document) else 1024)
        assert figures_in(text) <= figures_of(learner.facts, learner.now.date()), text
        assert text.count("✅") == count(document, Win)
        assert text.count("🎯") == count(document, Improvement)
        assert text.count("💬") == count(document, ChildQuestion)
        check_figures_a_sentence(text)


def check_figures_a_sentence(text: str) -> None:
    _header, _, body = text.partition("\n")  # holds dates only
    for sentence in re.split(r"\n|(?<=[а-яa-z%»”])\. ", body):
        figures = NUMBER.findall(DURATION.sub("0", sentence))
        assert len(figures) <= 3, sentence


@pytest.mark.parametrize("language", Language)
def test_nothing_is_compared_with_other_children(reports: list[Reported], language: str) -> None:
    for report in reports[:300]:
        text = render_text(report.document, language).lower()
        assert not re.search(r"рейтинг|reyting|\brating|класса|sinfdosh|classmate|других детей|boshqa bolalar", text)


@pytest.mark.parametrize("seed", range(200))
def test_wording_and_action_change_from_week_to_week(seed: int) -> None:
    period = week_of(RandomLearner(seed).facts.period.first_day)
    template_ids: list[str] = []
    action_ids: list[tuple[str, ...]] = []
    facts = RandomLearner(seed, period).facts
    for week in range(12):
        later = replace(facts, period=week_of(period.first_day + timedelta(weeks=week)))
        lately = tuple(action for actions in action_ids[-4:] for action in actions)
        now = RandomLearner(seed, period).now + timedelta(weeks=week)
        document = compose(later, now, Access.FULL, Memory(tuple(template_ids), lately), asked=False)
        assert document.wording not in template_ids[-3:]
        assert document.action_id is None or document.action_id not in lately
        template_ids.append(document.wording)
        action_ids.append((document.action_id,) if document.action_id else ())


def test_there_are_actions_enough_for_every_shortfall(reports: list[Reported]) -> None:
    for report in reports:
        for block in report.document.blocks:
            if isinstance(block, Improvement):
                pool = action_pool(block.shortfall)
                assert len(set(pool)) == len(pool) >= 8
                assert block.action_id in pool


def test_learners_of_all_kinds_were_tried(reports: list[Reported]) -> None:
    documents = [report.document for report in reports]
    shown = {type(block) for document in documents for block in document.blocks}
    assert shown == set(ORDER) - {SubscriptionNote, DoneTogether, WeekLine}
    assert {document.period.kind for document in documents} == {PeriodKind.WEEK, PeriodKind.MONTH}
    assert {document.verdict for document in documents} == set(type(documents[0].verdict))


def test_a_model_is_told_of_each_sentence_what_it_says(reports: list[Reported]) -> None:
    nothing = gloss(object())
    for document in (report.document for report in reports[:TEXTS] if not is_idle(report.document)):
        for sentence in sentences_of(document.blocks, Lines(document, "en", 60)):
            assert sentence.gloss != nothing, sentence.text
