"""A model words reports, on a real database, against the sandbox's model: what is asked, kept, refused and spared."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from mentorium_ai_client import MentoriumAIClient, RetryPolicy
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.progress.model import last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports import period_run
from mentorium_core.reports.calendar import WEEKLY, WORDED_FOR
from mentorium_core.reports.model import StoredReport
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_core.reports.pictures import ReportPictures
from mentorium_core.reports.wording import WordReports
from mentorium_db import get_session
from mentorium_db.models import Parent, ReportHistory
from mentorium_db.repositories import NotificationRepository
from mentorium_db.tables import ReportShellRow
from mentorium_domain.enums import Language, NotificationType, ReportTone, Tariff
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_observability.metrics import ai_report_guard
from mentorium_rendering.picture import render_picture
from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.household import Household, register
from tests.integration.core.reports.test_service import NOW, WEEK, studious_child

TELEGRAM_ID = 700_000_017


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reports are asked for, and the model that words them."""

    stand_in: OpenAIStandIn
    words: WordReports
    parent: ParentView
    child: Child
    household: Household

    async def relative(self, number: int) -> ParentView:
        """One more adult who may view the child, in Russian."""
        guardian_id = await self.household.guardian(f"Карим Каримов {number}")
        await self.household.link(guardian_id, self.child.student_id)
        return (await register(TELEGRAM_ID + number, guardian_id, Language.RU)).parent

    async def ask(self, access: Access = Access.FULL) -> StoredReport:
        nursery = Nursery(on_error=lambda _, error: pytest.fail(str(error)))
        make = MakeReportOnDemand(ReadFacts(), ReportPictures(render_picture), nursery, word_reports=self.words)
        try:
            return await make(self.parent, self.child, WEEK, self.parent.language, access, NOW)
        finally:
            await nursery.drain(HANGS_AFTER_S)

    async def asked(self) -> list[dict[str, Any]]:
        """What the model was told, request by request."""
        return [json.loads(one["body"]["messages"][-1]["content"]) for one in await self.stand_in.requests()]


@pytest.fixture
async def desk(household: Household) -> AsyncIterator[Desk]:
    child = await studious_child(household)
    guardian_id = await household.guardian("Дилноза Каримова")
    await household.link(guardian_id, child.student_id)
    parent = (await register(TELEGRAM_ID, guardian_id, Language.RU)).parent
    async with running_stand_in() as stand_in:
        ai = MentoriumAIClient(KEY, base_url=stand_in.base_url, retries=RetryPolicy(attempts=1))
        try:
            yield Desk(stand_in, WordReports(ai, "gpt-6-luna"), parent, child, household)
        finally:
            await ai.aclose()


def is_worded(text: str, language: str = "ru") -> bool:
    return t(language, "report-ai-label") in text


def counted(result: str) -> float:
    return float(ai_report_guard.labels(result=result)._value.get())


async def test_a_report_is_worded_in_json_of_a_schema_and_says_so(desk: Desk) -> None:
    report = await desk.ask()
    assert is_worded(report.text)
    assert "Здравствуйте!" in report.text
    assert "⏱ Время на учёбу: 2 ч, неделей раньше — 1 ч. Занятия в 2 дня из 7." in report.text
    (request,) = await desk.stand_in.requests()
    form = request["body"]["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    parts = ["achievements", "improvements", "recommendations", "upcoming"]
    assert form["json_schema"]["schema"]["required"] == parts
    sent = json.dumps(request["body"], ensure_ascii=False)
    assert "Азиза" not in sent
    assert "Промпты" not in sent
    assert str(TELEGRAM_ID) not in sent


async def test_it_is_asked_for_once_however_often_and_for_whomever_the_same_is_reported(desk: Desk) -> None:
    first, again = await desk.ask(), await desk.ask()
    assert (first.report_id, first.text) == (again.report_id, again.text)
    async with get_session() as session:
        for row in await session.scalars(select(ReportHistory)):
            await session.delete(row)
    assert is_worded((await desk.ask()).text)
    assert len(await desk.asked()) == 1
    await change_preferences(desk.parent.parent_id, report_tone=ReportTone.NEUTRAL)
    assert (await desk.ask()).text.startswith("Азиза — неделя")
    assert [told["tone"] for told in await desk.asked()] == ["warm", "neutral"]


async def test_the_false_words_alone_are_asked_for_once_more(desk: Desk) -> None:
    before = counted("corrected")
    await desk.stand_in.script(attack="direction")
    report = await desk.ask()
    assert is_worded(report.text)
    assert "выросли" not in report.text
    assert counted("corrected") == before + 1
    _, again = await desk.asked()
    assert list(again["rewrite"]) == [next(iter(again["rewrite"]))]
    assert "выросли" in json.dumps(again, ensure_ascii=False)
    assert "Здравствуйте" not in json.dumps(again, ensure_ascii=False)


@pytest.mark.parametrize("attack", ["number_word", "missing", "name", "link"])
async def test_what_is_wrong_twice_goes_by_the_template_and_is_not_asked_for_again(desk: Desk, attack: str) -> None:
    before = counted("blocked")
    await desk.stand_in.script(attack=attack, times=1)
    await desk.stand_in.script(
        json={f"words{number}": "Целых 97 баллов!" for number in range(12)}
        | dict.fromkeys(("achievements", "improvements"), "Ничего")
    )
    report = await desk.ask()
    assert not is_worded(report.text)
    assert "97" not in report.text
    assert "⏱ Время на учёбу: 2 ч" in report.text
    assert counted("blocked") == before + 1
    assert not is_worded((await desk.ask()).text)
    assert len(await desk.asked()) == 2, "no third request within the hour"
    async with get_session() as session:
        (row,) = await session.scalars(select(ReportShellRow))
        row.made_at = clock.now() - timedelta(hours=2)
    assert is_worded((await desk.ask()).text)


@pytest.mark.parametrize(
    "script", [{"text": "Sure! Here it is."}, {"json": {"achievements": "x"}}, {"attack": "not_json"}]
)
async def test_what_cannot_be_read_goes_by_the_template(desk: Desk, script: dict[str, Any]) -> None:
    before = counted("unreadable")
    await desk.stand_in.script(**script)
    assert not is_worded((await desk.ask()).text)
    assert counted("unreadable") == before + 1


async def test_a_cut_or_filtered_answer_goes_by_the_template(desk: Desk) -> None:
    for ending in ("length", "content_filter"):
        await desk.stand_in.script(json={"achievements": ""}, ending=ending)
        assert not is_worded((await desk.ask()).text)
        async with get_session() as session:
            for row in await session.scalars(select(ReportShellRow)):
                await session.delete(row)


async def test_while_the_model_is_away_the_template_stands_and_words_come_back_by_themselves(desk: Desk) -> None:
    await desk.stand_in.fault("status_500")
    assert not is_worded((await desk.ask()).text)
    await desk.stand_in.heal()
    assert is_worded((await desk.ask()).text)


async def test_a_worded_report_stays_as_it_is_while_the_model_is_away(desk: Desk) -> None:
    first = await desk.ask()
    await desk.stand_in.fault("status_500")
    assert (await desk.ask()).report_id == first.report_id


async def test_nothing_is_sent_for_who_wants_no_ai_or_reads_verdict_and_win_alone(desk: Desk) -> None:
    assert not is_worded((await desk.ask(Access.LIMITED)).text)
    await change_preferences(desk.parent.parent_id, ai=False)
    whole = await desk.ask()
    assert not is_worded(whole.text)
    assert "🎯" in whole.text
    assert await desk.asked() == []
    await change_preferences(desk.parent.parent_id, ai=True)
    assert is_worded((await desk.ask()).text)


async def test_a_report_comes_in_the_language_that_was_chosen_for_reports(desk: Desk) -> None:
    await change_preferences(desk.parent.parent_id, report_language=Language.UZ)
    report = await desk.ask()
    assert is_worded(report.text, "uz")
    assert "Oʻqish vaqti" in report.text
    async with get_session() as session:
        (row,) = await session.scalars(select(ReportHistory))
        assert row.language is Language.UZ


async def test_a_run_words_the_reports_of_those_who_are_about_and_asks_once_for_what_is_alike(desk: Desk) -> None:
    """Roadmap: who neither wrote nor pressed anything for 14 days has the template."""
    away, no_ai, uzbek = [await desk.relative(number) for number in range(1, 4)]
    everybody = [desk.parent, away, no_ai, uzbek]
    await change_preferences(no_ai.parent_id, ai=False)
    await change_preferences(uzbek.parent_id, report_language=Language.UZ)
    for one in everybody:
        await GrantSubscription()(one.telegram_id, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    async with get_session() as session:
        for row in await session.scalars(select(Parent)):
            row.last_seen_at = clock.now() - timedelta(days=15 if row.telegram_id == away.telegram_id else 1)
    make = MakePeriodReports(ReadFacts(), CheckAccess(), word_reports=desk.words)
    await make.for_parents(everybody, WEEKLY.run_for(last_finished_week(NOW.date()).first_day))
    said = {one.telegram_id: [row.message for row in await told(one)] for one in everybody}
    assert [len(texts) for texts in said.values()] == [1, 1, 1, 1]
    assert all(is_worded(text) for text in said[desk.parent.telegram_id])
    assert not any(is_worded(text) for one in (away, no_ai) for text in said[one.telegram_id])
    assert all(is_worded(text, "uz") for text in said[uzbek.telegram_id])
    assert sorted(told_of["language"] for told_of in await desk.asked()) == ["ru", "uz"]


async def told(parent: ParentView) -> list[Any]:
    async with get_session() as session:
        found = await NotificationRepository(session).list_for_parent(parent.telegram_id)
    return [row for row in found if row.notification_type is NotificationType.REPORT]


async def test_a_run_that_is_late_is_made_no_later_by_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(period_run, "_FEW", 0)
    await GrantSubscription()(desk.parent.telegram_id, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    async with get_session() as session:
        (row,) = await session.scalars(select(Parent))
        row.last_seen_at = clock.now()
    run = WEEKLY.run_for(WEEK.first_day - timedelta(days=7))
    assert clock.now() > run.made_from + WORDED_FOR, "whatever the hour"
    await MakePeriodReports(ReadFacts(), CheckAccess(), word_reports=desk.words).for_parents([desk.parent], run)
    (report,) = await told(desk.parent)
    assert not is_worded(report.message)
    assert await desk.asked() == []
