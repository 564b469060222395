"""/report: whose, over which period, and then the report itself: a picture with the whole text under it."""

from __future__ import annotations

from typing import Final

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from mentorium_core.i18n import t
from mentorium_core.identity.model import Child, Language, ParentView
from mentorium_core.progress.period import Period, last_finished_month, last_finished_week
from mentorium_kit import clock

from mentorium_bot.chat import Chat
from mentorium_bot.handlers.fallback import say_stale
from mentorium_bot.keyboards.report import child_keyboard, period_keyboard
from mentorium_bot.middleware.callbacks import Toast
from mentorium_bot.middleware.subscription import NEEDS_FAMILY, Family
from mentorium_bot.use_cases import UseCases

report_router: Final = Router(name="report")


@report_router.message(Command("report"), flags=NEEDS_FAMILY)
async def offer_reports(chat: Chat, language: Language, family: Family) -> None:
    if not family.children:
        await chat.say(t(language, "children-none"))
    elif len(family.children) == 1:
        await _ask_period(chat, language, family.children[0], family)
    else:
        await _ask_child(chat, language, family)


@report_router.callback_query(F.data.regexp(r"^child:\d{1,18}$"), flags=NEEDS_FAMILY)
async def choose_child(query: CallbackQuery, chat: Chat, language: Language, family: Family, toast: Toast) -> None:
    child = family.child(int((query.data or "").partition(":")[2]))
    if child is None:
        say_stale(toast, language)
        return
    await _ask_period(chat, language, child, family)


@report_router.callback_query(F.data.regexp(r"^report:(week|month)(:\d{1,18})?$"), flags=NEEDS_FAMILY)
async def give_report(
    query: CallbackQuery,
    chat: Chat,
    language: Language,
    family: Family,
    toast: Toast,
    use: UseCases,
    parent: ParentView,
) -> None:
    _, kind, *whose = (query.data or "").split(":")
    if not whose and len(family.children) > 1:
        await _ask_child(chat, language, family)
        return
    child = family.child(int(whose[0])) if whose else next(iter(family.children), None)
    if child is None:
        say_stale(toast, language)
        return
    await chat.busy_with_picture()
    report = await use.make_report(
        parent, child, _period(kind), language, family.access.of(child.student_id), clock.now()
    )
    if report.picture is None:
        await chat.say(report.text)
    else:
        await chat.show_picture(report.picture, report.text)


def _period(kind: str) -> Period:
    return last_finished_week(clock.today()) if kind == "week" else last_finished_month(clock.today())


async def _ask_child(chat: Chat, language: Language, family: Family) -> None:
    await chat.say(t(language, "report-which-child"), child_keyboard(family.children))


async def _ask_period(chat: Chat, language: Language, child: Child, family: Family) -> None:
    only_child = len(family.children) == 1
    text = t(language, "report-which-period", name=child.first_name)
    await chat.say(text, period_keyboard(language, child, only_child=only_child))
