"""/report: whose, over which period, and then the report itself: a picture with the whole text under it."""

from __future__ import annotations

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.keyboards.callback_data import (
    ChooseChild,
    ChooseChildOf,
    ChoosePeriod,
    ChoosePeriodOf,
    ReportPeriod,
)
from mentorium_bot.keyboards.report import child_keyboard, period_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_bot.stale_button import say_stale, stale_where_gone
from mentorium_bot.states.report import recall_child, remember_child
from mentorium_core.billing.model import Access, FamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.notifications.admission import mark_folded_told, read_folded
from mentorium_core.progress.period import Period, PeriodKind, last_finished_month, last_finished_week
from mentorium_core.reports.history import read_report
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_domain.enums import Language
from mentorium_gateways.telegram.keyboards import inline_keyboard
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError


def router() -> Router:
    routes = IndexedRouter(name="report")
    routes.callback_query.middleware(stale_where_gone)
    routes.message.register(offer_reports, command("report"), flags=NEEDS_FAMILY)
    routes.callback_query.register(choose_child, ChooseChild.filter(), flags=NEEDS_FAMILY)
    routes.callback_query.register(give_other_child, ChooseChildOf.filter(), flags=NEEDS_FAMILY)
    routes.callback_query.register(give_report, ChoosePeriod.filter(), flags=NEEDS_FAMILY)
    routes.callback_query.register(give_next_report, ChoosePeriodOf.filter(), flags=NEEDS_FAMILY)
    return routes


async def offer_reports(_: Message, chat: Chat, language: Language, family: FamilyAccess, state: FSMContext) -> None:
    if len(family.children) == 1:
        await _ask_period(chat, language, family.children[0], state)
    else:
        await _ask_child(chat, language, family)


async def choose_child(
    _: CallbackQuery,
    callback_data: ChooseChild,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    state: FSMContext,
    callback_answer: CallbackAnswer,
) -> None:
    child = family.child(callback_data.student_id)
    if child is None:
        say_stale(callback_answer, language)
    else:
        await _ask_period(chat, language, child, state)


async def give_report(
    query: CallbackQuery,
    callback_data: ChoosePeriod,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    state: FSMContext,
    make_report: MakeReportOnDemand,
    voice_offer: VoiceOffer,
    parent: ParentView,
) -> None:
    child = await _child_of(query, family, state)
    if child is None:
        await _ask_child(chat, language, family)
        return
    await _give(child, _days(callback_data.period), chat, language, family, state, make_report, voice_offer, parent)


async def give_next_report(
    _: CallbackQuery,
    callback_data: ChoosePeriodOf,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    state: FSMContext,
    make_report: MakeReportOnDemand,
    voice_offer: VoiceOffer,
    parent: ParentView,
    callback_answer: CallbackAnswer,
) -> None:
    """From under another report of the same child; the week from under a month that tells of one is that one."""
    student_id, week_told = await _read_over(parent, callback_data.id)
    child = family.child(student_id)
    if child is None:
        say_stale(callback_answer, language)
    else:
        days = _days(callback_data.period)
        if callback_data.period is ReportPeriod.WEEK and week_told is not None:
            days = week_told
        await _give(child, days, chat, language, family, state, make_report, voice_offer, parent)


async def give_other_child(
    _: CallbackQuery,
    callback_data: ChooseChildOf,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    state: FSMContext,
    make_report: MakeReportOnDemand,
    voice_offer: VoiceOffer,
    parent: ParentView,
    callback_answer: CallbackAnswer,
) -> None:
    """From under the report of a sibling, over the same kind of period; NotFoundError if that report is gone."""
    child = family.child(callback_data.student_id)
    if child is None:
        say_stale(callback_answer, language)
        return
    kind = (await read_report(parent, callback_data.report_id)).document.period.kind
    period = ReportPeriod.MONTH if kind is PeriodKind.MONTH else ReportPeriod.WEEK
    await _give(child, _days(period), chat, language, family, state, make_report, voice_offer, parent)


async def _read_over(parent: ParentView, report_or_student: int) -> tuple[int, Period | None]:
    """Whom a report of this parent was about, and the week that it tells of where it is a month's; buttons of the
    release before have the student's own id.
    """
    try:
        document = (await read_report(parent, report_or_student)).document
    except NotFoundError:
        return report_or_student, None
    return document.student_id, document.week_told


async def _give(
    child: Child,
    days: Period,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    state: FSMContext,
    make_report: MakeReportOnDemand,
    voice_offer: VoiceOffer,
    parent: ParentView,
) -> None:
    await chat.busy_with_picture()
    access = family.report_access(child.student_id, days.code)
    report = await make_report(parent, child, days, language, access, clock.now())
    others = [one for one in family.children if one != child]
    buttons = inline_keyboard(voice_offer.buttons_under(report, language, others))
    async with chat.more_follows():
        if report.picture is None:
            shown = await chat.say_report(report.text, buttons)
        else:
            shown = await chat.show_picture(report.picture, report.text, buttons)
        await remember_child(state, shown, child.student_id)
    if report.words is not None:
        async with chat.more_follows():
            await chat.say_report(report.words)
    if access is Access.FULL and (more := await read_folded(parent.telegram_id, child.student_id)) is not None:
        async with chat.more_follows():
            await chat.say(more.text)
            await mark_folded_told(more)
    await voice_offer.ask_where_chosen(parent, report)


async def _child_of(query: CallbackQuery, family: FamilyAccess, state: FSMContext) -> Child | None:
    """The one the question was about; where that is not remembered the one it names, or the only one there is."""
    asked_about = await recall_child(state, query.message.message_id) if query.message else None
    if asked_about is not None:
        return family.child(asked_about)
    if len(family.children) == 1:
        return family.children[0]
    question = query.message.text if isinstance(query.message, Message) else None
    named = [child for child in family.children if question in _period_questions(child)]
    return named[0] if len(named) == 1 else None


def _period_questions(child: Child) -> tuple[str, ...]:
    """In each language, since it may have been changed after the question."""
    return tuple(t(language, "report-which-period", name=child.first_name) for language in Language)


def _days(period: ReportPeriod) -> Period:
    today = clock.today()
    return last_finished_week(today) if period is ReportPeriod.WEEK else last_finished_month(today)


async def _ask_child(chat: Chat, language: Language, family: FamilyAccess) -> None:
    if family.children:
        await chat.say(t(language, "report-which-child"), child_keyboard(family.children))
    else:
        await chat.say(t(language, "children-none"))


async def _ask_period(chat: Chat, language: Language, child: Child, state: FSMContext) -> None:
    text = t(language, "report-which-period", name=child.first_name)
    await remember_child(state, await chat.say(text, period_keyboard(language)), child.student_id)
