"""The one edge between what goes wrong and what a parent reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject, Update, User
from redis.exceptions import RedisError

from mentorium_bot.intake.answer_marks import ClaimLostError, has_arrived
from mentorium_bot.intake.notices import Notices
from mentorium_bot.intake.retry_later import RetryLaterError
from mentorium_bot.middleware.update_context import OUTCOME
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.schema_alert import tell_schema_unknown
from mentorium_bot.sign_of_life import was_most_likely_taken
from mentorium_core.i18n import t
from mentorium_core.inbox.rules import ANSWERABLE_FOR, must_be_booked
from mentorium_domain.inbox import InboxLane, TakenUpdate
from mentorium_gateways.telegram import AnswerLostError, ChatClosedError, TelegramError, TelegramUnavailableError
from mentorium_kit import clock
from mentorium_kit.deadline import deadline
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_kit.retry import retry_conflicts
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import count_error, error_type

HANDLER_DEADLINE_S: Final = 12.0
"""Below the time after which a parent thinks that nobody is there."""

logger = get_logger(__name__)


class ErrorMiddleware(BaseMiddleware):
    """Refusals and outages become their sentence; anything else is a fault of ours: counted, kept, apologised for.

    What our own database or Telegram did not take is not over: whoever wrote hears that it will be answered, and
    RetryLaterError tells the consumer so; nor is it over while Telegram takes no apology. An update about a payment is
    never over by an error.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, Update)
        try:
            async with deadline(HANDLER_DEADLINE_S):
                return await retry_conflicts(lambda: handler(event, data), may_repeat=lambda: not has_arrived())
        except ClaimLostError:
            data[OUTCOME] = "lost"
            raise  # whoever has the update now answers
        except ChatClosedError as error:
            logger.info("chat_closed_to_us")
            _keep_what_must_be_booked(data, error)
        except AnswerLostError as error:  # it may well be in the chat: to say anything on top of it would confuse
            count_error(error)
            _keep_what_must_be_booked(data, error)
            if _is_young(data) and not await was_most_likely_taken(data["bot"], error):
                data[OUTCOME] = "retried"
                raise RetryLaterError(error.code) from error
            logger.warning("answer_lost", reason=error.description)
            data[OUTCOME] = "error"
        except Exception as error:
            known = UnavailableError("redis_unavailable") if isinstance(error, RedisError) else error
            if not isinstance(known, RefusedError):
                data[OUTCOME] = "error"
            taken: TakenUpdate | None = data.get("taken")
            if taken is not None and (reason := _reason_to_retry(known, taken)) is not None:
                count_error(known, of_payment=taken.lane is InboxLane.PAYMENT)
                data[OUTCOME] = "retried"
                tell_schema_unknown(known, "update")
                _promise(event, data)
                raise RetryLaterError(reason) from error
            message_key = await _report(known, data.get("event_from_user"))
            if not await _tell(event, data, message_key) and _is_young(data):
                data[OUTCOME] = "retried"
                raise RetryLaterError("apology_not_sent") from error
        return None


def _is_young(data: dict[str, Any]) -> bool:
    """Whether somebody still waits for what comes of this update."""
    taken: TakenUpdate | None = data.get("taken")
    return taken is not None and clock.now() - taken.received_at <= ANSWERABLE_FOR


def _keep_what_must_be_booked(data: dict[str, Any], error: MentoriumError) -> None:
    """RetryLaterError where money has moved: that nobody could be told of it does not end it."""
    taken: TakenUpdate | None = data.get("taken")
    if taken is not None and must_be_booked(taken.lane, taken.kind):
        data[OUTCOME] = "retried"
        raise RetryLaterError(error.code) from error


def _reason_to_retry(error: Exception, taken: TakenUpdate) -> str | None:
    """Why this update is to be handled once more by itself; None where it is over."""
    if taken.lane is InboxLane.PAYMENT:
        return error.code if isinstance(error, MentoriumError) else type(error).__name__
    if clock.now() - taken.received_at > ANSWERABLE_FOR or not isinstance(error, MentoriumError):
        return None
    ours = error.code.startswith("bot_db") and isinstance(error, UnavailableError | OutcomeUnknownError)
    return error.code if ours or isinstance(error, TelegramUnavailableError) else None


def _promise(update: Update, data: dict[str, Any]) -> None:
    notices: Notices | None = data.get("notices")
    chat: Chat | None = data.get("event_chat")
    told_otherwise = has_arrived()  # by `AnswerInDoubt`, since what they have is not said again
    if notices is not None and chat is not None and chat.type == "private" and not told_otherwise:
        notices.will_be_answered(chat.id, data["language"])
    logger.warning("update_will_be_retried", update_id=update.update_id)


async def _report(error: Exception, user: User | None) -> str:
    """Log what happened; the key of what the parent reads."""
    if isinstance(error, RefusedError):
        log_refusal(error)
        return error.message_key
    count_error(error)
    if isinstance(error, UnavailableError | OutcomeUnknownError):
        logger.warning("unavailable", code=error.code, reason=error.context.get("reason"))
        return error.message_key
    logger.error("handler_failed", exc_info=error)
    try:
        await EventLogService.log_error("handler_failed", user.id if user else None, error=error_type(error))
    except Exception as second:  # noqa: BLE001 - whatever keeps the event from being written, the parent gets a word
        logger.warning("event_not_kept", reason=type(second).__name__)
    return MentoriumError.message_key


async def _tell(update: Update, data: dict[str, Any], message_key: str) -> bool:
    """False where Telegram, for all we know, has not taken what should have been said."""
    bot: Bot = data["bot"]
    chat: Chat | None = data.get("event_chat")
    with suppress(TelegramError):
        if update.callback_query is not None:
            await update.callback_query.answer()
    if chat is None or chat.type != "private":
        return True
    try:
        await bot.send_message(chat.id, t(data["language"], message_key))
    except TelegramError as error:
        logger.warning("apology_not_sent", code=error.code)
        return not isinstance(error, AnswerLostError | TelegramUnavailableError)
    return True
