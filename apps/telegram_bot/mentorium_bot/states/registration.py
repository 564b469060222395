"""The steps before a parent is known. Until consent this is all that is kept of a person, in Redis, for a day."""

from __future__ import annotations

from typing import Final

from aiogram.fsm.state import State, StatesGroup

STATE_TTL_S: Final = 24 * 3600
LANGUAGE: Final = "language"
CLAIM: Final = "claim"
INVITATION: Final = "invitation"


class RegistrationStates(StatesGroup):
    language = State()
    consent = State()
