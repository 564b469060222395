"""The buttons under a report that ask about itself: why, tonight, done, the same as a file, and the same once more."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_bot.chat import Chat
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.keyboards.callback_data import AskOfReport, ReportQuestion
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_bot.stale_button import say_stale, stale_where_gone
from mentorium_core.billing.model import Access, FamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.notifications.preferences import language_of_reports
from mentorium_core.reports.buttons import buttons_under_plan
from mentorium_core.reports.explanations import tonight, why
from mentorium_core.reports.heading import child_name, header_period
from mentorium_core.reports.history import read_report, remember_done
from mentorium_core.reports.model import ReportDocument, StoredReport
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.pdf_file import MakeReportPdf
from mentorium_core.reports.pictures import ReportPictures
from mentorium_domain.enums import Language
from mentorium_gateways.telegram.keyboards import inline_keyboard
from mentorium_kit import clock


def router() -> Router:
    routes = IndexedRouter(name="under-report")
    routes.callback_query.middleware(stale_where_gone)
    routes.callback_query.register(answer, AskOfReport.filter(), flags=NEEDS_FAMILY)
    return routes


async def answer(
    _: CallbackQuery,
    callback_data: AskOfReport,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    parent: ParentView,
    callback_answer: CallbackAnswer,
    make_report: MakeReportOnDemand,
    make_report_pdf: MakeReportPdf,
    voice_offer: VoiceOffer,
) -> None:
    """Judged now: the report is this parent's, its child theirs to see, and covered. NotFoundError for another's."""
    report = await read_report(parent, callback_data.report_id)
    document = report.document
    if family.child(document.student_id) is None:
        say_stale(callback_answer, language)
    elif _is_beyond(document, callback_data.question, family):
        await chat.say(t(language, "report-subscription"))
    elif callback_data.question is ReportQuestion.MISSED:
        await _show_kept(report, chat, language, family, parent, make_report.pictures, voice_offer)
    elif callback_data.question is ReportQuestion.WHY:
        await chat.say(why(document, await language_of_reports(parent)))
    elif callback_data.question is ReportQuestion.TONIGHT:
        buttons = inline_keyboard(buttons_under_plan(report.report_id, language))
        await chat.say(tonight(document, await language_of_reports(parent)), buttons)
    elif callback_data.question is ReportQuestion.PDF:
        if document.has_pdf:
            await _give_pdf(report, chat, await language_of_reports(parent), make_report_pdf)
        else:
            say_stale(callback_answer, language)
    elif callback_data.question is ReportQuestion.VOICE:
        await _have_said(report, chat, language, parent, voice_offer, callback_answer)
    else:
        news = await remember_done(parent, report.report_id, clock.now())
        await chat.say(t(language, "done-saved" if news else "done-known"))


def _is_beyond(document: ReportDocument, question: ReportQuestion, family: FamilyAccess) -> bool:
    """Whether the answer says more than there is without a subscription: a short report may be seen again."""
    if family.report_access(document.student_id, document.period.code) is Access.FULL:
        return False
    return document.is_whole or question is not ReportQuestion.MISSED


async def _show_kept(
    report: StoredReport,
    chat: Chat,
    language: Language,
    family: FamilyAccess,
    parent: ParentView,
    pictures: ReportPictures,
    voice_offer: VoiceOffer,
) -> None:
    """The report as it was written when it was due, and the teacher's words that followed it."""
    others = [one for one in family.children if one.student_id != report.document.student_id]
    buttons = inline_keyboard(voice_offer.buttons_under(report, language, others))
    picture = await pictures.of(report, parent.telegram_id, language)
    async with chat.more_follows():
        if picture is None:
            await chat.say_report(report.text, buttons)
        else:
            await chat.show_picture(picture, report.text, buttons)
    if report.words is not None:
        await chat.say_report(report.words)


async def _give_pdf(report: StoredReport, chat: Chat, language: Language, make_report_pdf: MakeReportPdf) -> None:
    await chat.busy_with_file()
    file = await make_report_pdf(report, chat.id, language, clock.now())
    name, period = child_name(report.document, language), header_period(language, report.document.period)
    await chat.send_files({file.name: file.content}, t(language, "pdf-caption", name=name, period=period))


async def _have_said(
    report: StoredReport,
    chat: Chat,
    language: Language,
    parent: ParentView,
    voice_offer: VoiceOffer,
    callback_answer: CallbackAnswer,
) -> None:
    """The worker sends it: an engine may take longer than a press may."""
    if not voice_offer.is_offered or not report.document.is_whole:
        say_stale(callback_answer, language)
        return
    await voice_offer.ask(parent, report.report_id)
    callback_answer.text = t(language, "voice-coming")
    await chat.busy_with_voice()
