"""A child, the mother who may see it, and a reader with old messages of each kind, brought into any state of rights."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
from sqlalchemy import text

from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.notifications.commands import mark_chat_blocked, mark_chat_open, notify
from mentorium_core.reports.voice import ask_for_voice
from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.enums import DeliveryStatus, NotificationType, Tariff
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_sandbox.client import Child, Press, callback_buttons
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain

NAME: Final = "Kamila"


@dataclass(slots=True)
class Family:
    outside: Outside
    child: Child
    mother: int
    reader: int
    link: str
    invitation: str = "inv_made_up"
    request_id: int = 1
    right_id: int = 1
    family: Any = None
    question: Any = None
    report: Any = None
    report_id: int = 1
    month: Any = None
    month_id: int = 1
    greeted: list[Any] = field(default_factory=list)

    async def press(self, message: Any, button: str) -> str:
        """What it shows, pressed twice at once."""
        shown = await asyncio.gather(*(self.outside.press(self.reader, message, button) for _ in range(2)))
        return "\n".join(read(press) for press in shown)

    async def say(self, words: str) -> str:
        return read_all(await self.outside.say(self.reader, words))


def read(press: Press) -> str:
    return f"{read_all(press.replies)}\n{read_all(press.edited)}\n{press.callback_text}"


def read_all(messages: list[Any]) -> str:
    return "\n".join([plain(messages), *(str(message.get("caption") or "") for message in messages)])


async def fate(family: Family, what: str) -> DeliveryStatus | None:
    """What has become of a message; None where it was deleted."""
    async with get_session() as session:
        rows = await NotificationRepository(session).list_for_parent(family.reader)
    return next((row.status for row in rows if row.dedup_key == what), None)


async def household(outside: Outside, *, own: bool) -> Family:
    """The reader, with an old message of each kind, and a mother who pays."""
    child = await outside.child(NAME)
    mother, reader = await outside.user(), await outside.user()
    await outside.register(mother, child.link_code)
    await GrantSubscription()(mother, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    family = Family(outside, child, mother, reader, link=child.link_code)
    if own:
        family.link = await outside.sandbox.link(child.guardian_id)
        await outside.register(reader, family.link)
    else:
        await let_in(family)
    (family.family,) = await outside.say(reader, "/children")
    (family.question,) = await outside.say(reader, "/report")
    family.report, family.report_id = await report_of(family, "week", with_button="report:why:")
    family.month, family.month_id = await report_of(family, "month", with_button="report:pdf:")
    family.greeted = (await outside.parent(reader).chat()).messages
    await put_into_outbox(family)
    return family


async def report_of(family: Family, period: str, *, with_button: str) -> tuple[Any, int]:
    """The message with the report of this period, and the report's id."""
    for shown in (await family.outside.press(family.reader, family.question, f"report:{period}")).replies:
        for button in callback_buttons(shown):
            if button.startswith(with_button):
                return shown, int(button.rpartition(":")[2])
    raise AssertionError(f"no {with_button} under the report of the {period}")


async def let_in(family: Family) -> None:
    (theirs,) = await family.outside.say(family.mother, "/children")
    forward = (await family.outside.press(family.mother, theirs, "invite:new")).replies[-1]
    family.invitation = plain([forward]).rpartition("start=")[2].strip()
    await family.outside.register(family.reader, family.invitation)
    (question,) = [
        m for m in await chat_of(family, family.mother) if any(b.startswith("invite:yes") for b in callback_buttons(m))
    ]
    yes = callback_buttons(question)[0]
    await family.outside.press(family.mother, question, yes)
    family.request_id = int(yes.rpartition(":")[2])
    (theirs,) = await family.outside.say(family.mother, "/children")
    (expel,) = [button for button in callback_buttons(theirs) if button.startswith("expel:")]
    family.right_id = int(expel.rpartition(":")[2])


async def chat_of(family: Family, user: int) -> list[Any]:
    return (await family.outside.parent(user).chat()).messages


async def put_into_outbox(family: Family) -> None:
    """One report that waits and one that was missed; both are the reader's by right at this moment."""
    now = clock.now()

    def report(key: str) -> OutboxMessage:
        return OutboxMessage(
            family.reader,
            NotificationType.REPORT,
            f"{NAME}: {key}",
            key,
            now,
            now + timedelta(hours=1),
            student_id=family.child.student_id,
        )

    assert await notify([report("missed")])
    await mark_chat_blocked(family.reader)
    await mark_chat_open(family.reader)
    assert await notify([report("waited")])
    assert await ask_for_voice(family.reader, family.report_id, now)


async def bring_to(state: str, family: Family, platform_dsn: str, clock_file: Any) -> None:
    outside, child = family.outside, family.child
    match state:
        case "own, withdrawn" | "withdrawn":
            await child.set_visible(can_view=False)
        case "taken back":
            (theirs,) = await outside.say(family.mother, "/children")
            await outside.press(family.mother, theirs, f"expel:{family.right_id}")
        case "lender left":
            (theirs,) = await outside.say(family.mother, "/children")
            await outside.press(family.mother, theirs, f"unlink:{child.student_id}")
            await outside.press(family.mother, theirs, f"unlink:{child.student_id}:undo")
        case "expired":
            await at_school(
                platform_dsn,
                "UPDATE platform.guardian_student SET valid_to = valid_from + interval '1 microsecond'"
                " WHERE student_id = $1",
                child.student_id,
            )
        case "erased":
            (sure,) = await outside.say(family.mother, "/erase")
            await outside.press(family.mother, sure, "erase:yes")
        case "left":
            await outside.press(family.reader, family.family, f"unlink:{child.student_id}")
            clock_file.write_text("660")


async def at_school(dsn: str, statement: str, *arguments: Any) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()


async def until_all_is_done(family: Family) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while {await fate(family, what) for what in ("waited", "missed")} & {
            DeliveryStatus.PENDING,
            DeliveryStatus.SENDING,
        } or await jobs_wait():
            await asyncio.sleep(0.05)


async def jobs_wait() -> bool:
    async with get_session() as session:
        return bool(await session.scalar(text("SELECT count(*) FROM pgqueuer.pgqueuer")))
