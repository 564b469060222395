"""The voice beside a report: whether it is offered, how often, and to whom it comes by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from mentorium_core.identity.model import Child, ParentView
from mentorium_core.notifications.preferences import read_preferences
from mentorium_core.reports.buttons import buttons_under, with_voice
from mentorium_core.reports.model import StoredReport
from mentorium_core.reports.pictures import DrawingQuota
from mentorium_core.reports.voice import TooManyVoicesError, ask_for_voice, voice_quota
from mentorium_domain.enums import Language
from mentorium_domain.outbox import Buttons
from mentorium_kit import clock


@dataclass(slots=True)
class VoiceOffer:
    """`is_offered`: whether an engine is configured; it is the worker that has it say something.

    `takes_spoken`: whether questions may be spoken.
    """

    is_offered: bool
    takes_spoken: bool = False
    _quota: DrawingQuota = field(default_factory=voice_quota)

    def buttons_under(self, report: StoredReport, language: Language, others: list[Child]) -> Buttons:
        """As core has them, and the voice where there is one."""
        buttons = buttons_under(report.document, report.report_id, language, others)
        return with_voice(buttons, report.report_id, language) if self.is_offered else buttons

    async def ask(self, parent: ParentView, report_id: int) -> None:
        """Have it said; a press that repeats one under way changes nothing. TooManyVoicesError."""
        if not self._quota.take(parent.telegram_id, monotonic()):
            raise TooManyVoicesError("voice_too_many")
        await ask_for_voice(parent.telegram_id, report_id, clock.now())

    async def ask_where_chosen(self, parent: ParentView, report: StoredReport) -> None:
        """After a report on demand, for who wants each of them said, as long as their quota lasts."""
        if not self.is_offered or not report.document.is_whole:
            return
        chosen = (await read_preferences(parent.parent_id)).report_voice
        if chosen and self._quota.take(parent.telegram_id, monotonic()):
            await ask_for_voice(parent.telegram_id, report.report_id, clock.now(), by_choice=True)
