"""The one composition root of the bot: everything that runs is made and joined here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from aiogram import Bot, Dispatcher

from mentorium_ai_client import MentoriumAIClient, ModerationClient
from mentorium_bot.config import BotSettings
from mentorium_bot.dispatcher import make_dispatcher
from mentorium_bot.handlers.email_channel import EmailOffer
from mentorium_bot.handlers.paysupport import StaffReads
from mentorium_bot.handlers.spoken_question import SpokenQuestions
from mentorium_bot.intake.admission import Admission
from mentorium_bot.intake.answer_marks import MarkAnswers
from mentorium_bot.intake.intake import Intake
from mentorium_bot.intake.notices import Notices
from mentorium_bot.middleware.late_callback_answer import LateCallbackAnswer
from mentorium_bot.middleware.subscription import SubscriptionMiddleware
from mentorium_bot.middleware.update_context import UpdateContext
from mentorium_bot.routers import MENU, ROUTERS
from mentorium_bot.services.active_users import ActiveUsers
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.services.billing_service import BillingService
from mentorium_bot.services.card_links import CardLinks
from mentorium_bot.services.crisis_answers import CrisisAnswers
from mentorium_bot.services.greeting import Greeting
from mentorium_bot.services.notify_family import FamilyNotifier
from mentorium_bot.services.registration import RegistrationSteps
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_bot.states.storage import FsmStorage
from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.model import Taste
from mentorium_core.billing.overview import GetSubscriptionOverview
from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.queries import GetCurrentSubscription, GetFamilyAccess
from mentorium_core.billing.stars import BookStarsCharge, BookStarsRefund
from mentorium_core.identity.commands import CheckLinkCode
from mentorium_core.identity.email_code import ConfirmEmailCode, RequestEmailCode
from mentorium_core.identity.family import CheckInvitation, InviteAdult
from mentorium_core.identity.hashing import derive_hmac_key
from mentorium_core.inbox.quota import QUICK_TIMES, PersonQuota
from mentorium_core.mentor.answer_question import AnswerQuestion
from mentorium_core.mentor.crisis.model import HelpLines
from mentorium_core.mentor.crisis.rules import load_lexicons
from mentorium_core.mentor.model import Became
from mentorium_core.mentor.spoken import HearQuestion
from mentorium_core.mentor.subscription_result import SubscriptionFacts
from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.notifications.email_channel import ConfirmAddress
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.pdf_file import MakeReportPdf
from mentorium_core.reports.pictures import ReportPictures
from mentorium_db.claims import new_owner
from mentorium_db.repositories.dialog import ANSWERS_CHANNEL
from mentorium_domain.enums import CrisisKind, CrisisSource, JobKind, ModelPurpose, ProviderName
from mentorium_gateways.telegram import TelegramVoiceReader, make_bot
from mentorium_kit.nursery import Nursery
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import (
    PAYMENT_STATUSES,
    ai_answer_guard,
    crisis_messages,
    first_words,
    from_the_start,
    payments,
)
from mentorium_rendering.pdf import render_pdf
from mentorium_rendering.picture import render_picture
from mentorium_runtime.account import Account
from mentorium_runtime.ai_observer import ai_observer
from mentorium_runtime.language_model import budgeted, make_ai
from mentorium_runtime.moderation import make_moderation
from mentorium_runtime.payments import price_list, provider_registry
from mentorium_runtime.report_words import word_reports
from mentorium_runtime.settings import secret_value
from mentorium_runtime.transcription import transcriber
from mentorium_runtime.wiring import CommonParts, common_parts


@dataclass(frozen=True, slots=True)
class Container:
    """What the running bot consists of. `close` hangs up everywhere, after the work has been drained."""

    settings: BotSettings
    common: CommonParts
    bot: Bot
    ai: MentoriumAIClient
    moderation: ModerationClient | None
    active_users: ActiveUsers
    dialogs: AIDialogService
    dispatcher: Dispatcher
    intake: Intake
    openai_seen: LastOutcome
    account: Account

    @property
    def busy(self) -> int:
        """What is in hand: updates, and answers of the mentor."""
        return self.intake.in_hand + self.dialogs.busy

    async def close(self) -> None:
        await self.bot.session.close()
        await self.ai.aclose()
        if self.moderation is not None:
            await self.moderation.aclose()
        await self.common.close()


def build(settings: BotSettings) -> Container:
    """Join the parts; nothing is connected to yet."""
    common = common_parts(settings, f"mentorium-bot-{settings.bot_health_port}")
    openai_seen = LastOutcome()
    ai = make_ai(settings, ai_observer(openai_seen))
    token = secret_value(settings.bot_telegram_token)
    bot = make_bot(token, settings.bot_telegram_api_url, common.limiter, mark_chat_blocked)
    bot.session.middleware(LateCallbackAnswer())
    bot.session.middleware(MarkAnswers())
    read_facts, get_family_access = ReadFacts(), GetFamilyAccess(
        settings.grace, Taste(settings.taste_answers, settings.taste_reports)
    )
    owner, prices = new_owner(str(settings.bot_health_port)), price_list(settings)
    notices = Notices(bot, common.nursery)
    _begin_series()
    get_overview, key = GetSubscriptionOverview(settings.grace), derive_hmac_key(token)
    moderation, model = make_moderation(settings), budgeted(settings, ai, ModelPurpose.CHAT, common.nursery)
    answer_question = AnswerQuestion(model, read_facts, key, moderation, SubscriptionFacts(get_overview, prices))
    crisis_answers = CrisisAnswers(_help_lines(settings), common.nursery)
    dialogs = AIDialogService(bot, common.nursery, answer_question, get_family_access, notices, owner, crisis_answers)
    active_users, hear = ActiveUsers(common.redis), _hear_question(settings, bot, common.nursery)
    dispatcher = make_dispatcher(
        storage=FsmStorage(common.redis),
        context=UpdateContext(active_users.record, MENU),
        subscription=SubscriptionMiddleware(get_family_access),
        routers=[make_router() for make_router in ROUTERS],
        handlers_may_use={
            **_registration_dependencies(settings, bot, Greeting(get_family_access)),
            "get_current_subscription": GetCurrentSubscription(settings.grace),
            "get_subscription_overview": get_overview,
            "make_report": _make_report(settings, ai, read_facts, common.nursery),
            "voice_offer": VoiceOffer(settings.speech_engine is not None, takes_spoken=hear is not None),
            "spoken_questions": SpokenQuestions(hear),
            "make_report_pdf": MakeReportPdf(render_pdf),
            "card_links": CardLinks(settings.card_page_url, prices),
            "billing": BillingService(bot, partial(provider_registry, settings, bot), prices),
            "prices": prices,
            "dialogs": dialogs,
            "crisis_answers": crisis_answers,
            **_stars_dependencies(settings),
            "active_users": active_users,
        },
    )
    quota = PersonQuota(settings.bot_updates_at_once, settings.bot_updates_a_second, QUICK_TIMES)
    heard = {ANSWERS_CHANNEL: dialogs.hear}
    intake = Intake(settings, bot, dispatcher, common.nursery, notices, Admission(notices, quota), owner, heard)
    return Container(
        settings, common, bot, ai, moderation, active_users, dialogs, dispatcher, intake, openai_seen, Account()
    )


def _make_report(
    settings: BotSettings, ai: MentoriumAIClient, read_facts: ReadFacts, nursery: Nursery
) -> MakeReportOnDemand:
    words = word_reports(settings, ai, nursery)
    return MakeReportOnDemand(read_facts, ReportPictures(render_picture), nursery, word_reports=words)


def _hear_question(settings: BotSettings, bot: Bot, nursery: Nursery) -> HearQuestion | None:
    """None where no service writes down what is said."""
    service = transcriber(settings, nursery)
    return HearQuestion(service, TelegramVoiceReader(bot)) if service is not None else None


def _stars_dependencies(settings: BotSettings) -> dict[str, object]:
    """What the handlers of payments ask for by name."""
    book = PaymentBook(settings.grace)
    return {
        "book_stars_charge": BookStarsCharge(book),
        "book_stars_refund": BookStarsRefund(book),
        "staff_reads": StaffReads(settings.staff_chat_id is not None, settings.support_contact),
    }


def _registration_dependencies(settings: BotSettings, bot: Bot, greeting: Greeting) -> dict[str, object]:
    """What registration and the family's handlers ask for by name."""
    family_notifier = FamilyNotifier(bot, settings.support_contact)
    key = derive_hmac_key(secret_value(settings.bot_telegram_token))
    old_link_key = secret_value(settings.platform_link_key_old) or None
    return {
        "check_link_code": CheckLinkCode(secret_value(settings.platform_link_key), old_link_key),
        "check_invitation": CheckInvitation(key),
        "invite_adult": InviteAdult(key),
        "request_email_code": RequestEmailCode(key),
        "confirm_email_code": ConfirmEmailCode(key),
        "email_offer": EmailOffer(
            settings.smtp_url is not None and settings.letters_base_url is not None,
            RequestEmailCode(key, JobKind.MAIL_ADDRESS_CODE),
            ConfirmAddress(key),
        ),
        "family_notifier": family_notifier,
        "greeting": greeting,
        "registration": RegistrationSteps(family_notifier, greeting, by_email=settings.smtp_url is not None),
    }


def _begin_series() -> None:
    """What the bot counts stands at 0 from its start."""
    first_words.begin()
    from_the_start(ai_answer_guard, result=tuple(became.value for became in Became))
    from_the_start(crisis_messages, kind=tuple(CrisisKind), source=tuple(CrisisSource))
    from_the_start(payments, provider=(TERMS[ProviderName.TELEGRAM_STARS].label,), status=PAYMENT_STATUSES)


def _help_lines(settings: BotSettings) -> HelpLines:
    load_lexicons()  # not while somebody waits
    return HelpLines(settings.crisis_lines, settings.support_contact, settings.staff_chat_id is not None)
