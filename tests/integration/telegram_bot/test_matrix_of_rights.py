"""Who sees what: every button, link, command and job, old, repeated and forged, against every state of every right.

One reader, one child. What races is in tests/integration/core/identity/test_lent_rights.py, what waits for a platform
that is away in tests/integration/reporting_worker/outbox/test_rights.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from pydantic import SecretStr

from mentorium_bot.config import BotSettings
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_domain.enums import DeliveryStatus
from mentorium_kit import clock
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside, running, working
from tests.integration.telegram_bot.family_of_rights import (
    NAME,
    Family,
    bring_to,
    chat_of,
    fate,
    household,
    until_all_is_done,
)

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
    "old report:pdf:<report>":          "s . s . . . . . .",
    "old report:voice:<report>":        "s . s . . . . . .",
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
    "/help":                            ". . . . . . . . .",
    "/settings":                        ". . . . . . . . .",
    "/language":                        ". . . . . . . . .",
    "/new":                             ". . . . . . . . .",
    "/terms":                           ". . . . . . . . .",
    "/privacy":                         ". . . . . . . . .",
    "/erase":                           ". . . . . . . . .",
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
    "job: a voice that was asked for":  "s . s . . . . . .",
    "repeated unlink:<id>":             "n n n . . n n . .",
}  # fmt: skip


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
            month=family.month_id,
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


async def heard(family: Family) -> str:
    """The voice of a report that was asked for before, said by the worker."""
    return NAME if any("voice" in message for message in await chat_of(family, family.reader)) else ""


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
    "old report:pdf:<report>": press("report:pdf:{month}", on="month"),
    "old report:voice:<report>": ask_of_report("report:voice:{report}"),
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
    "/help": say("/help"),
    "/settings": say("/settings"),
    "/language": say("/language"),
    "/new": say("/new"),
    "/terms": say("/terms"),
    "/privacy": say("/privacy"),
    "/erase": say("/erase"),
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
    "job: a voice that was asked for": heard,
    "repeated unlink:<id>": unlink,
}


def outcome(read: str) -> str:
    if NAME in read:
        return "s"
    return {"invited": "i", "guest": "g", "unlinked": "n"}.get(read, ".")


def test_every_state_has_a_column_and_every_action_a_row() -> None:
    assert ACTIONS.keys() == TABLE.keys()
    assert {len(row.split()) for row in TABLE.values()} == {len(STATES)}


@pytest.fixture
def with_voice(with_mail: BotSettings, outside: Outside) -> BotSettings:
    """The same settings with the stand-in as a speech server."""
    server = {"speech_engine": "openai", "speech_base_url": f"{outside.url}/openai/v1"}
    voice = {"speech_model": "gpt-4o-mini-tts", "speech_voice": "alloy", "speech_api_key": SecretStr("sk-of-the-tests")}
    return with_mail.model_copy(update={**server, **voice})


@pytest.mark.parametrize("state", STATES)
async def test_who_sees_what(outside: Outside, with_voice: BotSettings, platform_dsn: str, state: str) -> None:
    """durability 1 and 8, parents A7 and A16"""
    clock_file = with_voice.clock_file
    assert clock_file is not None
    clock_file.write_text("0")
    clock.configure(clock_file)
    try:
        async with running(with_voice):
            family = await household(outside, own=state.startswith("own"))
            await bring_to(state, family, platform_dsn, clock_file)
            async with working(with_voice):
                await until_all_is_done(family)
            found = {name: outcome(await act(family)) for name, act in ACTIONS.items()}
    finally:
        clock.configure(None)
    assert found == {name: row.split()[STATES.index(state)] for name, row in TABLE.items()}
