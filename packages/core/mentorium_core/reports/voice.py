"""The report as a voice message of at most a minute, beside the text: by a button or a setting, made by a job.

To an engine that is somebody else's server a child is "your child": no name, phone or address leaves the house.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

from mentorium_core.billing.model import Access, FamilyAccess
from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parent, get_guardian_names, get_known_names
from mentorium_core.notifications.policy import QUIET_FROM, is_night
from mentorium_core.notifications.preferences import language_of_reports
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN, NamedPersons, Tokens
from mentorium_core.reports.history import read_report
from mentorium_core.reports.model import ReportDocument, StoredReport
from mentorium_core.reports.pictures import DrawingQuota
from mentorium_core.reports.ports import MOST_CHARACTERS, Speech, SpeechEngine, VoiceCarrier, VoiceWords
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import NotificationSettingsRepository
from mentorium_domain.enums import JobKind
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError, UnavailableError
from mentorium_observability import EventLogService, get_logger

LONGEST_S: Final = 60.0
AT_ONCE, SECONDS_EACH = 3, 40.0
WAITED_FOR: Final = timedelta(hours=1)
WANTED_BY_CHOICE: Final = timedelta(hours=8)
"""Later nobody waits for it any more; the text is there. A run's voices take hours where there are many."""
_LEAST_CHARACTERS: Final = 120
_A_LITTLE_LESS: Final = 0.95
_TOKEN: Final = re.compile(rf"{OPEN}([A-Z])\d+{CLOSE}")

logger = get_logger(__name__)


class TooManyVoicesError(RefusedError):
    """This parent has had too many made lately."""

    message_key: ClassVar[str] = "voice-too-many"


def voice_quota() -> DrawingQuota:
    """Three at once, then one in forty seconds, for each parent: an engine may cost money."""
    return DrawingQuota(AT_ONCE, SECONDS_EACH)


async def ask_for_voice(
    telegram_id: int, report_id: int, now: datetime, wanted: timedelta = WAITED_FOR, *, by_choice: bool = False
) -> bool:
    """Have this report said to this parent, who is judged when it is made; False where that is under way already.

    It joins the open unit of work. `now` is aware; `wanted`: for how long. `by_choice`: no button was pressed for it,
    so that nobody hears of one that cannot be made.
    """
    until = (now + wanted).isoformat()
    payload = {"telegram_id": telegram_id, "report_id": report_id, "wanted_until": until, "by_choice": by_choice}
    async with get_session() as session:
        return await enqueue(session, JobKind.SEND_VOICE, payload, dedup_key=f"send_voice:{telegram_id}:{report_id}")


async def ask_for_chosen_voices(delivered: Collection[tuple[int, int]], now: datetime) -> int:
    """Of reports that have arrived, (Telegram id, report id): have those said whose parents chose so; how many.

    None comes at night: by then nobody waits for it.
    """
    if is_night(now):
        return 0
    evening = clock.start_of_day(clock.local_day(now)) + timedelta(hours=QUIET_FROM)
    wanted = min(WANTED_BY_CHOICE, evening - now)
    async with get_session() as session:
        chosen = await NotificationSettingsRepository(session).of_chats({telegram_id for telegram_id, _ in delivered})
        asked = 0
        for telegram_id, report_id in delivered:
            if telegram_id in chosen and chosen[telegram_id].report_voice:
                asked += await ask_for_voice(telegram_id, report_id, now, wanted, by_choice=True)
        return asked


@dataclass(frozen=True, slots=True)
class SendVoice:
    """The job. Rights and access are judged now, whatever they were when it was asked for."""

    engine: SpeechEngine
    words: VoiceWords
    carrier: VoiceCarrier
    get_family_access: GetFamilyAccess

    async def __call__(
        self, telegram_id: int, report_id: int, wanted_until: datetime, *, by_choice: bool = False
    ) -> None:
        """UnavailableError where our database, the platform or Telegram is away: try again.

        An engine that is away, or a voice that became too long, costs an event, and a kind sentence to whoever pressed
        a button for it.
        """
        if clock.now() > wanted_until:
            await EventLogService.log_system("voice_expired", telegram_id, report_id=report_id)
            return
        found = await self._find(telegram_id, report_id)
        if found is None:
            logger.info("voice_not_given", report_id=report_id)
            return
        parent, family, report = found
        try:
            heard_in = await language_of_reports(parent)
            speech = await self._speak(report.document, replace(parent, language=heard_in), family)
        except UnavailableError as error:
            reason = error.context.get("reason")
            await EventLogService.log_error(
                "voice_failed", telegram_id, report_id=report_id, code=error.code, reason=reason
            )
            if not by_choice:
                sorry = t(parent.language, "voice-not-made")
                await self.carrier.say(telegram_id, sorry, silent=is_night(clock.now()))
            return
        await self._send(parent, report_id, speech)

    async def _send(self, parent: ParentView, report_id: int, speech: Speech) -> None:
        silent = is_night(clock.now())
        try:
            caption = t(parent.language, "voice-caption")
            sent = await self.carrier.send_voice(parent.telegram_id, speech, caption, silent=silent)
        except RefusedError as error:
            await EventLogService.log_error("voice_refused", parent.telegram_id, report_id=report_id, code=error.code)
            await self.carrier.say(parent.telegram_id, t(parent.language, "voice-refused"), silent=silent)
            return
        logger.info("voice_sent" if sent else "voice_not_taken", report_id=report_id, seconds=round(speech.seconds))

    async def _find(self, telegram_id: int, report_id: int) -> tuple[ParentView, FamilyAccess, StoredReport] | None:
        """None where the report is gone or not theirs, or its child is not theirs to see or not covered (any more)."""
        parent = await find_parent(telegram_id)
        if parent is None:
            return None
        try:
            report = await read_report(parent, report_id)
        except NotFoundError:
            return None
        family, document = await self.get_family_access(parent), report.document
        may_hear = family.report_access(document.student_id, document.period.code) is Access.FULL
        if not document.is_whole or family.child(document.student_id) is None or not may_hear:
            return None
        return parent, family, report

    async def _speak(self, document: ReportDocument, parent: ParentView, family: FamilyAccess) -> Speech:
        """At most a minute: where the voice was slower than thought, once more with less."""
        hide = _as_it_is if self.engine.is_ours else await _hiding(parent, family)
        most = MOST_CHARACTERS
        for _ in range(2):
            text = self.words(document, parent.language, named=self.engine.is_ours, hide=hide, most=most)
            speech = await self.engine.speak(text, parent.language)
            if speech.seconds <= LONGEST_S:
                return speech
            most = max(round(len(text) * LONGEST_S / speech.seconds * _A_LITTLE_LESS), _LEAST_CHARACTERS)
        raise UnavailableError("speech_too_long", reason=f"{speech.seconds:.0f} s")


def _as_it_is(text: str) -> str:
    return text


async def _hiding(parent: ParentView, family: FamilyAccess) -> Callable[[str], str]:
    """What hides every name of this family in a title, and whatever looks like a contact."""
    known = await get_known_names(parent)
    adults = await get_guardian_names(known.guardian_ids, family.guardian_names)
    children = [child.display_name for child in family.children]
    tokens = Tokens(NamedPersons.of([*children, *(name for name in known.children if name not in children)], adults))
    child = t(parent.language, "voice-your-child")
    return lambda text: _TOKEN.sub(lambda token: child if token[1] == "C" else "…", tokens.hide(text))
