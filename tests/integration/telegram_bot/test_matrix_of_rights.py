"""Who sees what: every button, link, command and job, old, repeated and forged, against every state of every right.

One reader, one child. What races is in tests/integration/core/identity/test_lent_rights.py, what waits for a platform
that is away in tests/integration/reporting_worker/outbox/test_rights.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.commands import mark_chat_blocked, mark_chat_open, notify
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.enums import DeliveryStatus, NotificationType, Tariff
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_sandbox.client import Child, Press, callback_buttons
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside, working
from tests.integration.telegram_bot.helpers import plain

NAME: Final = "Kamila"
STATES: Final = (
    "own",  # the reader proved to be a guardian
    "own, withdrawn",  # by the platform
    "lent",  # by the child's mother
    "taken back",  # by her, with `expel:<id>`
    "lender left",  # she unlinked the child, and undid that
    "withdrawn",  # by the platform, from her
    "expired",  # on the platform: valid_to has passed
    "erased",  # she had her data erased
    "left",  # the reader unlinked the child, more than ten minutes ago
)
# s: the child's name or figures are shown, i: an invitation is given, g: the mother is shown the reader as her guest,
# n: that the link has ended, with the name from the reader's own row of it
TABLE: Final = {
    #                                    own   wdrn  lent  taken lleft withd exprd erase left
    "forged expel:<id>":                ". . . . . . . . .",
    "forged invite:yes:<id>":           ". . . . . . . . .",
    "forged unlink:<id>:undo":          ". . . . . . . . .",
    "forged erase:yes:<id>":            ". . . . . . . . .",
    "forged child:<id>":                "s . s . . . . . .",
    "forged report:week":               "s . s . . . . . .",
    "forged report:month:<id>":         "s . s . . . . . .",
    "old report:week":                  "s . s . . . . . .",
    "old report:month":                 "s . s . . . . . .",
    "old report:week:<report>":         "s . s . . . . . .",
    "old child:<id>:<report>":          "s . s . . . . . .",
    "old report:why:<report>":          "s . s . . . . . .",
    "old report:tonight:<report>":      "s . s . . . . . .",
    "old report:done:<report>":         "s . s . . . . . .",
    "old report:missed:<report>":       "s . s . . . . . .",
    "old consent:yes":                  ". . . . . . . . .",
    "old link":                         "s . . . . . . . .",
    "old invitation":                   ". . . . . . . . .",
    "/start":                           ". . . . . . . . .",
    "/children":                        "s . s . . . . . .",
    "/report":                          "s . s . . . . . .",
    "/teacher":                         "s . s . . . . . .",
    "/subscribe":                       ". . . . . . . . .",
    "/subscription":                    ". . . . . . . . .",
    "/paysupport":                      ". . . . . . . . .",
    "tariff:monthly":                   ". . . . . . . . .",
    "pay:stars:monthly":                ". . . . . . . . .",
    "renew:off":                        ". . . . . . . . .",
    "renew:on:monthly":                 ". . . . . . . . .",
    "forged support:<order>":           ". . . . . . . . .",
    "a question":                       "s . s . . . . . .",
    "invite:new":                       "i i . . . . . . .",
    "the mother's /children":           ". . g . . g g . .",
    "job: a report of the run":         "s . s . . . . . .",
    "job: a report that waited":        "s . s . . . . . .",
    "job: a report that was missed":    "s . s . . . . . .",
    "repeated unlink:<id>":             "n n n . . n n . .",
}  # fmt: skip


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
    greeted: list[Any] = field(default_factory=list)

    async def press(self, message: Any, button: str) -> str:
        """What it shows, pressed twice at once."""
        shown = await asyncio.gather(*(self.outside.press(self.reader, message, button) for _ in range(2)))
        return "\n".join(_read(press) for press in shown)

    async def say(self, words: str) -> str:
        return _read_all(await self.outside.say(self.reader, words))


def _read(press: Press) -> str:
    return f"{_read_all(press.replies)}\n{_read_all(press.edited)}\n{press.callback_text}"


def _read_all(messages: list[Any]) -> str:
    return "\n".join([plain(messages), *(str(message.get("caption") or "") for message in messages)])


Action = Callable[[Family], Awaitable[str]]


def press(button: str, *, on: str = "family") -> Action:
    """A button with this data on a message that the reader has from before."""

    async def pressed(family: Family) -> str:
        data = button.format(
            child=family.child.student_id,
            right=family.right_id,
            request=family.request_id,
            made_up=987_654_321,
            report=family.report_id,
        )
        return await family.press(getattr(family, on), data)

    return pressed


def ask_of_report(button: str) -> Action:
    """What is said of the report need not name the child: any answer but a refusal shows it."""
    pressed = press(button, on="report")

    async def asked_of(family: Family) -> str:
        read = (await pressed(family)).strip()
        return NAME if read and t("en", "fallback-button") not in read else read

    return asked_of


def say(words: str) -> Action:
    return lambda family: family.say(words.format(link=family.link, invitation=family.invitation))


async def old_consent(family: Family) -> str:
    (consent,) = [message for message in family.greeted if "consent:yes" in callback_buttons(message)]
    return await family.press(consent, "consent:yes")


async def invite(family: Family) -> str:
    read = await family.press(family.family, "invite:new")
    return "invited" if "start=inv_" in read else read


async def unlink(family: Family) -> str:
    read = await family.press(family.family, f"unlink:{family.child.student_id}")
    named = {line for line in read.splitlines() if NAME in line}
    return "unlinked" if named == {t("en", "unlink-done", name=NAME)} else read


async def ask_mother(family: Family) -> str:
    replies = await family.outside.say(family.mother, "/children")
    return "guest" if any(b.startswith("expel:") for message in replies for b in callback_buttons(message)) else ""


async def make_report(family: Family) -> str:
    parent = await find_parent(family.reader)
    assert parent is not None
    make = MakePeriodReports(ReadFacts(), CheckAccess())
    return NAME if await make.for_parents([parent], WEEKLY.run_of(clock.today())) else ""


async def waited(family: Family) -> str:
    return NAME if await fate(family, "waited") is DeliveryStatus.SENT else ""


async def missed(family: Family) -> str:
    """It was skipped while the chat was closed, and the reader comes back."""
    return NAME if await fate(family, "missed") is DeliveryStatus.SENT else ""


ACTIONS: Final[dict[str, Action]] = {
    "forged expel:<id>": press("expel:{right}"),
    "forged invite:yes:<id>": press("invite:yes:{request}"),
    "forged unlink:<id>:undo": press("unlink:{child}:undo"),
    "forged erase:yes:<id>": press("erase:yes:{made_up}"),
    "forged child:<id>": press("child:{child}"),
    "forged report:week": press("report:week"),
    "forged report:month:<id>": press("report:month:{child}"),
    "old report:week": press("report:week", on="question"),
    "old report:month": press("report:month", on="question"),
    "old report:week:<report>": press("report:week:{report}", on="report"),
    "old child:<id>:<report>": press("child:{child}:{report}", on="report"),
    "old report:why:<report>": ask_of_report("report:why:{report}"),
    "old report:tonight:<report>": ask_of_report("report:tonight:{report}"),
    "old report:done:<report>": ask_of_report("report:done:{report}"),
    "old report:missed:<report>": ask_of_report("report:missed:{report}"),
    "old consent:yes": old_consent,
    "old link": say("/start {link}"),
    "old invitation": say("/start {invitation}"),
    "/start": say("/start"),
    "/children": say("/children"),
    "/report": say("/report"),
    "/teacher": say("/teacher"),
    "/subscribe": say("/subscribe"),
    "/subscription": say("/subscription"),
    "/paysupport": say("/paysupport"),
    "tariff:monthly": press("tariff:monthly"),
    "pay:stars:monthly": press("pay:stars:monthly"),
    "renew:off": press("renew:off"),
    "renew:on:monthly": press("renew:on:monthly"),
    "forged support:<order>": press("support:mntaaaaaaaaaaaaa"),
    "a question": say("How did the week go?"),
    "invite:new": invite,
    "the mother's /children": ask_mother,
    "job: a report of the run": make_report,
    "job: a report that waited": waited,
    "job: a report that was missed": missed,
    "repeated unlink:<id>": unlink,
}


def outcome(read: str) -> str:
    if NAME in read:
        return "s"
    return {"invited": "i", "guest": "g", "unlinked": "n"}.get(read, ".")


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
    shown = (await outside.press(reader, family.question, "report:week")).replies
    (family.report,) = [one for one in shown if any(b.startswith("report:why:") for b in callback_buttons(one))]
    family.report_id = next(
        int(b.rpartition(":")[2]) for b in callback_buttons(family.report) if b.startswith("report:why:")
    )
    family.greeted = (await outside.parent(reader).chat()).messages
    await put_into_outbox(family)
    return family


async def let_in(family: Family) -> None:
    (theirs,) = await family.outside.say(family.mother, "/children")
    forward = (await family.outside.press(family.mother, theirs, "invite:new")).replies[-1]
    family.invitation = plain([forward]).rpartition("start=")[2].strip()
    await family.outside.register(family.reader, family.invitation)
    (question,) = [m for m in await asked(family) if any(b.startswith("invite:yes") for b in callback_buttons(m))]
    yes = callback_buttons(question)[0]
    await family.outside.press(family.mother, question, yes)
    family.request_id = int(yes.rpartition(":")[2])
    (theirs,) = await family.outside.say(family.mother, "/children")
    (expel,) = [button for button in callback_buttons(theirs) if button.startswith("expel:")]
    family.right_id = int(expel.rpartition(":")[2])


async def asked(family: Family) -> list[Any]:
    return (await family.outside.parent(family.mother).chat()).messages


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


async def until_the_outbox_is_done(family: Family) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while {await fate(family, what) for what in ("waited", "missed")} & {
            DeliveryStatus.PENDING,
            DeliveryStatus.SENDING,
        }:
            await asyncio.sleep(0.05)


def test_every_state_has_a_column_and_every_action_a_row() -> None:
    assert ACTIONS.keys() == TABLE.keys()
    assert {len(row.split()) for row in TABLE.values()} == {len(STATES)}


@pytest.mark.parametrize("state", STATES)
async def test_who_sees_what(
    outside: Outside, with_mail: BotSettings, bot: Container, platform_dsn: str, state: str
) -> None:
    """durability 1 and 8, parents A7 and A16"""
    clock_file = with_mail.clock_file
    assert clock_file is not None
    clock_file.write_text("0")
    clock.configure(clock_file)
    try:
        family = await household(outside, own=state.startswith("own"))
        await bring_to(state, family, platform_dsn, clock_file)
        async with working(with_mail):
            await until_the_outbox_is_done(family)
        found = {name: outcome(await act(family)) for name, act in ACTIONS.items()}
    finally:
        clock.configure(None)
    assert found == {name: row.split()[STATES.index(state)] for name, row in TABLE.items()}
