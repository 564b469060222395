"""What the bot consists of: its routers in the order in which they are asked, its menu in the order it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiogram import Router

from mentorium_bot.handlers import (
    billing,
    crisis,
    dialog,
    email_channel,
    fallback,
    family,
    identity_proof,
    language,
    legal,
    membership,
    new_conversation,
    payment,
    paysupport,
    personal_data,
    registration_gate,
    report,
    settings,
    spoken_question,
    start,
    stop_answer,
    subscription,
    teacher,
    under_report,
    voice_setting,
)
from mentorium_bot.handlers import help as help_command

RouterFactory = Callable[[], Router]

MENU: Final = (
    "start",
    "help",
    "report",
    "teacher",
    "subscribe",
    "subscription",
    "children",
    "settings",
    "language",
    "new",
    "export",
    "erase",
    "paysupport",
    "terms",
    "privacy",
)
"""The commands that Telegram offers; `command-<name>` in the catalogues says what each is for."""

ROUTERS: Final[tuple[RouterFactory, ...]] = (
    stop_answer.router,
    # Money that has moved is booked whoever paid it; a payment that is to be made waits for nothing else.
    payment.router,
    membership.router,
    # Words of despair are answered by people's words, whoever writes them and whatever was asked.
    crisis.router,
    # At any time, whoever asks.
    start.router,
    help_command.router,
    language.router,
    legal.router,
    paysupport.router,
    personal_data.router,
    # An address or a code that letters were asked for.
    email_channel.router,
    # An address or a code from somebody who is not known yet is their proof, no question to the mentor.
    identity_proof.router,
    # Who is not registered gets no further: behind the gate every handler has its `parent`.
    registration_gate.router,
    family.router,
    settings.router,
    voice_setting.router,
    billing.router,
    subscription.router,
    new_conversation.router,
    report.router,
    under_report.router,
    teacher.router,
    spoken_question.router,
    # Any text that is no command is a question to the mentor; what is left then gets one clear answer. These two are
    # catch-all routers: one that is included later is asked before them, behind the gate.
    dialog.router,
    fallback.router,
)
"""The first router that takes an update keeps it."""
