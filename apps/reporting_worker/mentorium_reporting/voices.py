"""What the worker has of voices, where an engine is configured: a loop of jobs, and those that were chosen.

The loop is a bulkhead: an engine that is slow, or a Monday's voices, hold up no other job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiogram import Bot

from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.reports.voice import SendVoice, ask_for_chosen_voices
from mentorium_domain.enums import DeliveryStatus, JobKind
from mentorium_gateways.telegram.voice_carrier import TelegramVoiceCarrier
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error
from mentorium_rendering.voice_words import voice_words
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import JobLoop
from mentorium_reporting.jobs.send_voice import SendVoiceJob
from mentorium_reporting.outbox.outcome_recorder import PendingOutcome
from mentorium_runtime.speech import speech_engine

logger = get_logger(__name__)


def send_voice(settings: WorkerSettings, bot: Bot) -> SendVoice | None:
    """`bot` is patient with Telegram's limits. None where no engine is configured."""
    engine = speech_engine(settings)
    if engine is None:
        return None
    return SendVoice(engine, voice_words, TelegramVoiceCarrier(bot), GetFamilyAccess(settings.grace))


def voice_loop(
    send: SendVoice | None, settings: WorkerSettings, on_done: Callable[[JobKind], None], place: str
) -> JobLoop | None:
    """Two voices at a time, whatever else this worker has in hand; None where no engine is configured."""
    if send is None:
        return None
    return JobLoop(
        settings.database_dsn,
        {JobKind.SEND_VOICE: SendVoiceJob(send)},
        on_done,
        place=f"{place}-voices",
        at_once=1,
        application=f"mentorium-{place}-voices",
    )


def have_chosen_voices_said(nursery: Nursery, outcomes: Sequence[PendingOutcome]) -> None:
    """Of reports that have just arrived, beside the recording of what else has."""
    arrived = [
        (one.claimed.telegram_id, one.claimed.report_id)
        for one in outcomes
        if one.record.status is DeliveryStatus.SENT and one.claimed.report_id is not None
    ]
    if arrived:
        nursery.start(_store(arrived), name="chosen-voices")


async def _store(arrived: Sequence[tuple[int, int]]) -> None:
    """Where it cannot be stored the text stands alone, and the log says so."""
    try:
        await ask_for_chosen_voices(arrived, clock.now())
    except MentoriumError as error:
        count_error(error)
        logger.warning("chosen_voices_not_stored", code=error.code, count=len(arrived))
