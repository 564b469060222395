"""What whoever starts our processes has to know of them, taken from the apps themselves."""

from __future__ import annotations

from typing import Final

from mentorium_bot import main as bot
from mentorium_bot import webhook_app
from mentorium_reporting import main as worker

PROCESSES: Final = ("bot", "webhook", "worker")
MODULES: Final = {"bot": bot.__name__, "webhook": webhook_app.__name__, "worker": worker.__name__}
DRAINS_S: Final = {
    "bot": bot.DRAIN_LOOPS_S + max(bot.DRAIN_UPDATES_S, bot.DRAIN_ANSWERS_S) + bot.DRAIN_REST_S,
    "webhook": webhook_app.GRACE_S,
    "worker": worker.DRAIN_LOOPS_S + worker.DRAIN_REST_S,
}
"""After SIGTERM, for what is in hand."""
HANGING_UP_S: Final = 8
"""For connections, and the last words to Sentry."""
