"""The demo's parents: the first is registered and subscribed from the start, the others are there to come in.

It is done as a person would do it, over the control API, so the first evening begins with the product's own words.
"""

from __future__ import annotations

from typing import Any

import aiohttp

from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.school import DEMO_FAMILIES
from mentorium_sandbox.settings import STAFF_ID

_FIRST_USER_ID = 700_000_001


def invite_parents(sandbox: Sandbox) -> None:
    """Fake Telegram users for the demo families; their ids are the same at every start."""
    for number, family in enumerate(DEMO_FAMILIES):
        first_name, user_id = family.guardian_name.split()[0], _FIRST_USER_ID + number
        if user_id not in sandbox.telegram.users:
            sandbox.telegram.add_user(first_name, family.language, family.phone, user_id)
        sandbox.guardians[user_id] = family.guardian_id


def invite_staff(sandbox: Sandbox) -> None:
    """Whoever reads what parents write by /paysupport; stands in the list of the page after the parents."""
    if STAFF_ID not in sandbox.telegram.users:
        sandbox.telegram.add_user("Kassir", "uz", None, STAFF_ID)


def account_at_school(sandbox: Sandbox, user_id: int) -> dict[str, object]:
    """What the page shows of a demo parent's account: its id, and the e-mail by which the bot recognises it."""
    guardian_id = sandbox.guardians.get(user_id)
    emails = {family.guardian_id: family.family.adults[0].email for family in DEMO_FAMILIES}
    return {"guardian_id": guardian_id, "email": emails.get(guardian_id) if guardian_id else None}


async def settle_first_family(sandbox: Sandbox) -> None:
    """Come in by the platform's link, agree, be given a subscription; after a restart only greet."""
    family = DEMO_FAMILIES[0]
    async with aiohttp.ClientSession(f"{sandbox.settings.url}/sandbox/", raise_for_status=True) as http:
        link = await _post(http, "platform/links", guardian_id=family.guardian_id)
        user = f"users/{_FIRST_USER_ID}"
        greeting = await _post(http, f"{user}/start", payload=link["payload"])
        if not _asks_for_language(greeting["replies"]):
            return
        question = greeting["replies"][-1]
        asked = await _post(
            http, f"{user}/press", message_id=question["message_id"], button=f"lang:{family.language}", wait_s=20
        )
        consent = (asked["replies"] or asked["edited"])[-1]
        await _post(http, f"{user}/press", message_id=consent["message_id"], button="consent:yes", wait_s=20)
        await _post(http, f"{user}/grant", tariff="monthly")


def _asks_for_language(messages: list[dict[str, Any]]) -> bool:
    return any("lang:" in str(message.get("reply_markup")) for message in messages)


async def _post(http: aiohttp.ClientSession, path: str, **body: object) -> dict[str, Any]:
    async with http.post(path, json=body) as answer:
        data: dict[str, Any] = await answer.json()
        return data
