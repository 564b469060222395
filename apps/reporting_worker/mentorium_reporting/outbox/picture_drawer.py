"""Drawing the pictures of claimed messages, at the moment they are sent: none is kept for those that wait.

A run's pictures would take ten gigabytes for a hundred thousand parents. Only a few messages are claimed at a time
while there are pictures to be drawn: should the process be killed, no more than those are in doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from mentorium_core.reports.buttons import with_voice
from mentorium_domain.outbox import LANES, ClaimedMessage, Lane
from mentorium_kit.deadline import DeadlineExceededError, deadline
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

DrawReport = Callable[[int], Awaitable[bytes | None]]
"""The picture of the report with this id; None where it goes without one."""

MOST_DRAWING: Final = 4
"""Two threads draw; two more messages wait for them."""
LONGEST_S: Final = 20.0
"""Some hundred times what a picture takes, and well within a lease: then the words go alone."""

logger = get_logger(__name__)


class PictureDrawer:
    """`draw`: what core does with a report; UnavailableError of the database, another MentoriumError for a fault.

    `voice`: whether this worker can have a report said aloud, too; then its message offers it.
    """

    def __init__(self, draw: DrawReport, *, voice: bool = False, longest_s: float = LONGEST_S) -> None:
        self._draw = draw
        self._longest_s = longest_s
        self._voice = voice
        self._to_draw: set[int] = set()
        self._draws = True
        self._drawn = asyncio.Event()

    @property
    def room(self) -> int | None:
        """How many more messages with a picture may be claimed; None: any number, as the last ones had none."""
        return MOST_DRAWING - len(self._to_draw) if self._draws else None

    def learn(self, claimed: Sequence[ClaimedMessage]) -> None:
        """What has just been claimed. Payments, which never have a picture, say nothing of what comes next."""
        self._to_draw |= {one.id for one in claimed if one.report_id is not None}
        if any(LANES[one.kind] is not Lane.PAYMENT for one in claimed):
            self._draws = bool(self._to_draw)

    def leave_out(self, claimed: ClaimedMessage) -> None:
        """However this message has ended: no picture is to be drawn for it any more. Harmless where it was drawn."""
        self._to_draw.discard(claimed.id)
        self._drawn.set()

    async def wait_for_room(self, at_most_s: float) -> None:
        self._drawn.clear()
        try:
            async with asyncio.timeout(at_most_s):
                await self._drawn.wait()
        except TimeoutError:
            return

    async def with_picture(self, claimed: ClaimedMessage) -> ClaimedMessage:
        """The message as it is to be sent. One whose picture is a fault of ours, or is not drawn in time, goes without.

        UnavailableError where the report cannot be read now: the message certainly has not been sent.
        """
        if (report_id := claimed.report_id) is None:
            return claimed
        if self._voice and claimed.language is not None:
            claimed = replace(claimed, buttons=with_voice(claimed.buttons, report_id, claimed.language))
        try:
            async with deadline(self._longest_s):
                return replace(claimed, picture=claimed.picture or await self._draw(report_id))
        except DeadlineExceededError as error:
            return self._without_picture(claimed, error)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - an edge: whatever it is, the words are there
            return self._without_picture(claimed, error)
        finally:
            self.leave_out(claimed)

    @staticmethod
    def _without_picture(claimed: ClaimedMessage, error: Exception) -> ClaimedMessage:
        count_error(error)
        logger.error("picture_not_drawn", notification_id=claimed.id, exc_info=error)
        return claimed
