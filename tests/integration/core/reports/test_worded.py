"""Reports in the words of a model: its words around our sentences, none of them lost, none of them known to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.guard.rules import split_shell
from mentorium_core.i18n import t, utf16_length
from mentorium_core.reports import model
from mentorium_core.reports.model import CourseLine, DueSoon, NextStep, ReportDocument, Shell
from mentorium_core.reports.rules import compose
from mentorium_core.reports.sentences import Section
from mentorium_core.reports.shell_requests import (
    cache_key,
    judge,
    mended,
    read_strings,
    shell_of,
    to_ask_again,
    what_is_told,
)
from mentorium_core.reports.text import render_report
from mentorium_core.reports.worded import WordingPlan, plan_wording
from mentorium_domain.enums import Language, ReportTone
from mentorium_sandbox.openai.attacks import ATTACKS, spoilt
from mentorium_sandbox.openai.mentor.report_writer import write_report
from tests.unit.core.reports.known import NOW, aziza
from tests.unit.core.reports.random_facts import RandomLearner

NAMES = [section.value for section in Section]
LEARNERS = 150


def told(document: ReportDocument, language: Language) -> tuple[WordingPlan, str]:
    plan = plan_wording(document, language)
    assert plan is not None
    return plan, json.dumps(what_is_told(document, plan, language), ensure_ascii=False)


def written(question: str) -> dict[str, str]:
    parts = read_strings(json.dumps(write_report(question)), NAMES)
    assert parts is not None
    return parts


def with_words(document: ReportDocument, language: Language) -> tuple[WordingPlan, ReportDocument]:
    plan, question = told(document, language)
    return plan, replace(document, shell=Shell(language, shell_of(written(question))))


def documents() -> Iterator[tuple[ReportDocument, Language]]:
    for seed in range(LEARNERS):
        learner = RandomLearner(seed)
        tone, language = list(ReportTone)[seed % 3], list(Language)[seed // 3 % 3]
        document = compose(learner.facts, learner.now, Access.FULL, Memory(), asked=True, tone=tone)
        if plan_wording(document, language) is not None:
            yield document, language


def report(tone: ReportTone = ReportTone.WARM) -> ReportDocument:
    return compose(aziza(), NOW, Access.FULL, Memory(), asked=True, tone=tone)


def test_a_worded_report_holds_every_sentence_in_its_place_and_says_whose_words_it_has() -> None:
    seen = 0
    for document, language in documents():
        plan, worded = with_words(document, language)
        caption = render_report(worded, language).caption
        assert utf16_length(caption) <= 1024
        places = [caption.find(line) for one in plan.sentences for line in _plain(one.text)]
        assert -1 not in places, caption
        assert places == sorted(places), caption
        label = t(language, "report-ai-label").removeprefix("🤖 ")
        assert caption.find(label) > places[-1]
        comments = [block for block in document.blocks if isinstance(block, model.TeacherComment)]
        assert caption.endswith(label) or comments, "a teacher's words stand behind it: they are no model's"
        seen += 1
    assert seen > LEARNERS / 2, "reports that are worded at all"


def _plain(text: str) -> list[str]:
    """The lines without the sign before them, which a neutral report leaves away."""
    return [re.sub(r"^[^\w«“\"•]+ ", "", line) for line in text.splitlines()]


def test_the_words_cost_no_test_no_date_and_no_course_that_the_template_tells() -> None:
    for document in (report(tone) for tone in ReportTone):
        for language in Language:
            _, worded = with_words(document, language)
            template, caption = (render_report(one, language).caption for one in (document, worded))
            for kind, sign in ((model.TestScore, "•"), (NextStep, "📅"), (DueSoon, "🗓"), (CourseLine, "🎓")):
                if any(isinstance(block, kind) for block in document.blocks):
                    lost = template.count(sign) - caption.count(sign)
                    assert lost <= (1 if language is Language.UZ else 0), (language, kind, caption)


def test_a_model_is_told_no_figure_no_title_and_no_name() -> None:
    """inputs I: what is not sent cannot be said wrong, nor to anybody else."""
    for document, language in documents():
        _, question = told(document, language)
        hints = json.dumps(json.loads(question)["parts"], ensure_ascii=False)
        assert not re.search(r"\d", re.sub(r"\[\[S\d+\]\]", "", hints)), hints
        assert document.name not in hints
        assert hints.isascii(), "titles and names are never ASCII alone here, hints always are"


def test_what_is_alike_is_asked_for_alike() -> None:
    """Cached by facts as far as a model hears of them, language, tone, prompt version and model."""
    document, language = report(), Language.RU
    plan, _ = told(document, language)
    key = cache_key(what_is_told(document, plan, language), "gpt-6-luna")
    other_child = replace(document, student_id=9, name="Азиз")
    assert cache_key(what_is_told(other_child, plan, language), "gpt-6-luna") == key
    different = [
        cache_key(what_is_told(document, plan, language), "gpt-6-sol"),
        cache_key(what_is_told(document, plan, Language.UZ), "gpt-6-luna"),
        cache_key(what_is_told(replace(document, tone=ReportTone.BRIEF), plan, language), "gpt-6-luna"),
        cache_key(what_is_told(document, replace(plan, sentences=plan.sentences[:-1]), language), "gpt-6-luna"),
    ]
    assert len({key, *different}) == 5


def test_the_words_of_the_sandboxs_model_pass_the_guard_in_each_language_and_tone() -> None:
    for document, language in documents():
        plan, question = told(document, language)
        _, verdict = judge(shell_of(written(question)), plan, language)
        assert verdict.ok, (verdict.breaches, question)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("language", Language)
def test_an_attack_reaches_no_parent_and_costs_the_false_words_alone(attack: str, language: Language) -> None:
    document = report()
    plan, question = told(document, language)
    answer = spoilt(json.dumps(write_report(question), ensure_ascii=False), attack, question)
    parts = read_strings(answer, NAMES)
    if attack == "not_json":
        assert parts is None
        return
    assert parts is not None
    plan = replace(plan, room=352)  # so that the false words are not merely cut off
    shell, verdict = judge(shell_of(parts), plan, language)
    assert "\u200b" not in shell, "what is not seen is not kept"
    if attack in {"long", "hidden"}:
        assert verdict.ok
        assert len("".join(split_shell(shell))) <= plan.room
        return
    assert not verdict.ok, shell
    asked, names = to_ask_again(json.loads(question), parts, shell, plan, verdict)
    assert set(asked["rewrite"]) == set(names)
    if verdict.tokens_hold:
        assert all(name.startswith("words") for name in names)
        assert len(names) == 1, "the false words alone"
    else:
        assert names == [Section.ACHIEVEMENTS.value], "the part that holds the wrong token alone"
    again = read_strings(json.dumps(write_report(json.dumps(asked, ensure_ascii=False))), names)
    assert again is not None
    corrected = mended(parts, shell, again)
    assert judge(corrected, plan, language)[1].ok, corrected
    kept = split_shell(corrected)[-1], split_shell(shell)[-1]
    assert kept[0] == kept[1], "what was right stays"


def test_a_shell_of_another_language_or_of_other_sentences_is_not_used() -> None:
    document = report()
    _, worded = with_words(document, Language.RU)
    assert render_report(worded, Language.EN) == render_report(document, Language.EN)
    shorter = replace(worded, blocks=worded.blocks[:5])
    assert render_report(shorter, Language.RU) == render_report(replace(shorter, shell=None), Language.RU)


def test_a_quiet_period_and_a_report_without_a_subscription_are_never_sent_to_a_model() -> None:
    limited = compose(aziza(), NOW, Access.LIMITED, Memory(), asked=True)
    quiet = replace(aziza(), lessons_done=0, tests=(), day_seconds=(0,) * 7)
    idle = compose(quiet, NOW, Access.FULL, Memory(), asked=True)
    assert plan_wording(limited, Language.RU) is None
    assert plan_wording(idle, Language.RU) is None


@pytest.mark.parametrize("language", Language)
def test_each_tone_speaks_its_own_way_without_a_model_too(language: Language) -> None:
    warm, neutral, brief = (render_report(report(tone), language).caption for tone in ReportTone)
    assert len({warm, neutral, brief}) == 3
    assert "✅" in warm
    assert not re.search("[⏱📚📝✅🎯💬📅🗓🎓✍📘]", neutral)
    assert len(brief) < len(warm)
    assert "•" not in brief
    for sign in "⏱✅🎯💬":
        assert sign in brief
