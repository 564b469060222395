"""Who wants no AI is not listened to: what writes speech down is one."""

from __future__ import annotations

from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.spoken import VoiceRefusal, VoiceRefusedError
from mentorium_core.notifications.preferences import read_preferences


async def refuse_without_ai(parent: ParentView) -> None:
    """VoiceRefusedError for a parent who has switched AI off."""
    if not (await read_preferences(parent.parent_id)).ai:
        raise VoiceRefusedError(VoiceRefusal.AI_OFF)
