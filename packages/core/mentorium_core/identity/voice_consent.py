"""The consent to have voice messages written down: given beside the first one, taken back at any time.

Without it no sound leaves Telegram; what was written down before stays, as any question does.
"""

from __future__ import annotations

import hashlib

from mentorium_core.i18n import t
from mentorium_core.identity.model import VOICE_CONSENT_TEXT_KEY, VOICE_CONSENT_VERSION, ParentView
from mentorium_db import get_session
from mentorium_db.repositories import ConsentRepository
from mentorium_domain.enums import ConsentKind
from mentorium_kit import clock
from mentorium_observability import EventLogService


async def has_voice_consent(parent: ParentView) -> bool:
    """Whether it stands, whatever its version."""
    async with get_session() as session:
        return await ConsentRepository(session).has_current(parent.parent_id, ConsentKind.VOICE)


async def give_voice_consent(parent: ParentView) -> None:
    """One that stands is not given twice."""
    text_hash = hashlib.sha256(t(parent.language, VOICE_CONSENT_TEXT_KEY).encode()).hexdigest()
    async with get_session() as session:
        await ConsentRepository(session).add(
            parent.parent_id, ConsentKind.VOICE, VOICE_CONSENT_VERSION, text_hash, parent.language, clock.now()
        )
        await EventLogService.log_user_action(
            "voice_consent", parent.telegram_id, version=VOICE_CONSENT_VERSION, language=parent.language
        )


async def withdraw_voice_consent(parent: ParentView) -> None:
    """Harmless where none stands."""
    async with get_session() as session:
        if await ConsentRepository(session).withdraw(parent.parent_id, ConsentKind.VOICE, clock.now()):
            await EventLogService.log_user_action("voice_consent_withdrawn", parent.telegram_id)
