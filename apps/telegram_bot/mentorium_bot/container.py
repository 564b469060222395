"""The one composition root of the bot: everything that runs is made and joined here."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisStorage
from redis.asyncio import Redis

import mentorium_db
from mentorium_ai_client import DEFAULT_MODEL, MentoriumAIClient, RequestOutcome
from mentorium_bot.config import BotSettings
from mentorium_bot.dispatcher import make_dispatcher
from mentorium_bot.middleware.context import Context
from mentorium_bot.middleware.dedup import Dedup
from mentorium_bot.middleware.people import People
from mentorium_bot.middleware.subscription import LoadFamily, SubscriptionMiddleware
from mentorium_bot.polling import UpdateLoop
from mentorium_bot.services.activity import Activity
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.services.email_way import EmailWay
from mentorium_bot.services.telling import Telling
from mentorium_bot.states.registration import STATE_TTL_S
from mentorium_bot.use_cases import UseCases
from mentorium_core.billing.service import AccessOf, StandingSubscription
from mentorium_core.identity.codes import pepper_of
from mentorium_core.identity.email import ConfirmEmailCode, RequestEmailCode
from mentorium_core.identity.family import (
    AnswerJoinRequest,
    AskToJoin,
    CheckInvitation,
    FamilyOf,
    InviteAdult,
    LinkAgain,
    OthersOfGuardian,
    UnlinkChild,
)
from mentorium_core.identity.service import (
    ChangeLanguage,
    CheckContact,
    CheckLinkCode,
    ChildrenOf,
    FindParent,
    GiveConsent,
    LinkChildren,
)
from mentorium_core.mentor.service import FailQuestion, Forget, Mentor, PendingQuestions, StoreQuestion
from mentorium_core.notifications.service import CloseChat, ReopenChat
from mentorium_core.privacy.service import EraseData, ExportData
from mentorium_core.progress.service import ReadFacts
from mentorium_core.reports.service import MakeReport
from mentorium_gateways.telegram import SharedLimiter, make_bot
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_kit.settings import plain
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_request_duration, ai_requests, ai_tokens_used, count_error

_REDIS_TIMEOUT_S = 2.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Container:
    """What the running bot consists of. `close` hangs up everywhere, after the work has been drained."""

    settings: BotSettings
    nursery: Nursery
    redis: Redis
    bot: Bot
    ai: MentoriumAIClient
    activity: Activity
    dialogs: AIDialogService
    dispatcher: Dispatcher

    @property
    def busy(self) -> int:
        """What is being done beside the update loop: answers of the mentor."""
        return self.dialogs.busy

    def update_loop(self) -> UpdateLoop:
        """To be made when all handlers are included: it asks Telegram for the kinds of updates they handle."""
        return UpdateLoop(self.bot, self.dispatcher, self.nursery)

    async def close(self) -> None:
        await self.bot.session.close()
        await self.ai.aclose()
        await self.redis.aclose()
        await mentorium_db.dispose()


def build(settings: BotSettings) -> Container:
    """Join the parts; nothing is connected to yet."""
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn)
    mentorium_db.configure_platform(plain(settings.platform_db_url))
    nursery = Nursery(on_error=_report_detached)
    ai = _make_ai(settings)
    redis = Redis.from_url(settings.redis_dsn, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S)
    close_chat = CloseChat()
    limiter = SharedLimiter(redis, settings.bot_telegram_rate)
    bot = make_bot(plain(settings.bot_telegram_token), settings.bot_telegram_api_url, limiter, close_chat)
    find_parent, read_facts = FindParent(), ReadFacts()
    access_of = AccessOf(settings.grace_days)
    load_family = LoadFamily(ChildrenOf(), access_of)
    dialogs = AIDialogService(
        bot, nursery, Mentor(ai, read_facts, access_of), PendingQuestions(), FailQuestion(), find_parent, load_family
    )
    activity = Activity(redis)
    use = _use_cases(settings, bot, read_facts, dialogs, activity, close_chat)
    dispatcher = make_dispatcher(
        storage=RedisStorage(
            redis,
            key_builder=DefaultKeyBuilder(prefix="mentorium", with_bot_id=True),
            state_ttl=STATE_TTL_S,
            data_ttl=STATE_TTL_S,
        ),
        dedup=Dedup(redis),
        context=Context(activity),
        people=People(find_parent, use.reopen_chat),
        subscription=SubscriptionMiddleware(load_family),
        use_cases=use,
    )
    return Container(settings, nursery, redis, bot, ai, activity, dialogs, dispatcher)


def _use_cases(
    settings: BotSettings,
    bot: Bot,
    read_facts: ReadFacts,
    dialogs: AIDialogService,
    activity: Activity,
    close_chat: CloseChat,
) -> UseCases:
    pepper = pepper_of(plain(settings.bot_telegram_token))
    return UseCases(
        check_link_code=CheckLinkCode(plain(settings.platform_link_key), plain(settings.platform_link_key_old) or None),
        check_contact=CheckContact(),
        email_way=_email_way(settings),
        give_consent=GiveConsent(),
        link_children=LinkChildren(),
        change_language=ChangeLanguage(),
        family_of=FamilyOf(),
        unlink_child=UnlinkChild(),
        link_again=LinkAgain(),
        invite_adult=InviteAdult(pepper),
        check_invitation=CheckInvitation(pepper),
        ask_to_join=AskToJoin(),
        answer_join_request=AnswerJoinRequest(),
        close_chat=close_chat,
        reopen_chat=ReopenChat(),
        telling=Telling(bot, OthersOfGuardian()),
        standing_subscription=StandingSubscription(settings.grace_days),
        make_report=MakeReport(read_facts),
        store_question=StoreQuestion(),
        forget=Forget(),
        dialogs=dialogs,
        export_data=ExportData(),
        erase_data=EraseData(),
        activity=activity,
    )


def _email_way(settings: BotSettings) -> EmailWay | None:
    if settings.smtp_url is None:
        return None
    pepper = pepper_of(plain(settings.bot_telegram_token))
    return EmailWay(RequestEmailCode(pepper), ConfirmEmailCode(pepper))


def _make_ai(settings: BotSettings) -> MentoriumAIClient:
    return MentoriumAIClient(
        plain(settings.bot_openai_api_key),
        base_url=settings.bot_openai_base_url,
        model=settings.bot_openai_model or DEFAULT_MODEL,
        on_request=_count_ai_request,
    )


def _count_ai_request(outcome: RequestOutcome) -> None:
    ai_requests.labels(model=outcome.model, status="success" if outcome.succeeded else "error").inc()
    ai_request_duration.observe(outcome.duration_s)
    ai_tokens_used.labels(type="input").inc(outcome.usage.input_tokens)
    ai_tokens_used.labels(type="output").inc(outcome.usage.output_tokens)


def _report_detached(task_name: str, error: BaseException) -> None:
    count_error(error)
    logger.error("detached_work_failed", task_name=task_name, exc_info=error)
