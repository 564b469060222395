"""Whether Telegram answers at this moment: what tells a call that was taken from one that never got there."""

from __future__ import annotations

from typing import Final

from aiogram import Bot

from mentorium_gateways.telegram import AnswerLostError, TelegramError

_PATIENCE_S: Final = 2


async def was_most_likely_taken(bot: Bot, lost: AnswerLostError) -> bool:
    """What this call was to do is done, as far as can be known: only its answer was lost, and Telegram is there.

    One that waited through a silence towards everybody was not, though Telegram may be back by now.
    """
    return not lost.nothing_answered and await gives_a_sign_of_life(bot)


async def gives_a_sign_of_life(bot: Bot) -> bool:
    """Telegram answers within two seconds: a call whose answer was lost just now has been taken, most likely."""
    try:
        await bot.get_me(request_timeout=_PATIENCE_S)
    except TelegramError:
        return False
    return True
