"""Every way in, and every way of failing at it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mentorium_domain.enums import Language
from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox

LANGUAGES = ["uz", "ru", "en"]
KINDLY_REFUSED = {"uz": "havola", "ru": "ссылк", "en": "link"}


async def _rows_about(sandbox: Sandbox, parent: FakeParent) -> list[str]:
    """The tables of the bot that hold the parent's id, in any column of any table."""
    columns = await sandbox.rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    )
    found = []
    for table, column, kind in columns:
        if kind in {"bigint", "integer", "text", "jsonb", "character varying"}:
            rows = await sandbox.rows(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE $1 LIMIT 1', f"%{parent.id}%"
            )
            found += [f"{table}.{column}"] if rows else []
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_by_the_platforms_link(sandbox: Sandbox, language: str) -> None:
    child = await sandbox.child("Aziza", "Karimova")
    parent = await sandbox.parent(language)
    greeting = await parent.start(child.link_code)
    assert callback_buttons(greeting[-1])[0] == f"lang:{language}", "the button of one's own language comes first"
    assert sorted(callback_buttons(greeting[-1])) == sorted(f"lang:{each}" for each in Language)
    await parent.press(f"lang:{language}")
    assert callback_buttons(parent.last[-1]) == ["consent:yes", "consent:no"]
    assert await _rows_about(sandbox, parent) == [], "nothing is stored before consent"
    await parent.press("consent:yes")
    assert "Aziza" in plain_text(parent.last)
    rows = await sandbox.rows(
        "SELECT p.registration_completed, p.language, l.platform_student_id, l.first_name FROM parents p"
        " JOIN learners l ON l.parent_id = p.id WHERE p.telegram_id = $1",
        parent.id,
    )
    assert [tuple(row) for row in rows] == [(True, language, child.student_id, "Aziza")]
    events = await sandbox.rows("SELECT event_name FROM event_logs WHERE user_telegram_id = $1", parent.id)
    assert "registration" in {row["event_name"] for row in events}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_by_ones_own_contact(sandbox: Sandbox, language: str) -> None:
    phone = f"+99890{LANGUAGES.index(language)}445566"
    child = await sandbox.child("Timur", "Aliyev", phone=phone)
    parent = await sandbox.parent(language, phone=phone)
    await parent.start()
    await parent.press(f"lang:{language}")
    await parent.press("consent:yes")
    keyboards = [m["reply_markup"]["keyboard"] for m in parent.last if "keyboard" in (m.get("reply_markup") or {})]
    assert keyboards[-1][0][0]["request_contact"] is True
    assert "Timur" in plain_text(await parent.send(contact=True))
    rows = await sandbox.rows(
        "SELECT platform_student_id FROM learners l JOIN parents p ON p.id = l.parent_id WHERE telegram_id = $1",
        parent.id,
    )
    assert [row[0] for row in rows] == [child.student_id]


async def test_a_second_parent_of_the_same_child_comes_in_by_a_link_of_their_own(sandbox: Sandbox) -> None:
    child = await sandbox.child("Malika", "Yusupova")
    first = await sandbox.parent("uz")
    await first.register(child)
    payload = await sandbox.link(child.guardian_id)
    second = await sandbox.parent("ru")
    await second.start(payload)
    await second.press("lang:ru")
    await second.press("consent:yes")
    assert "Malika" in plain_text(second.last)


async def test_a_link_links_at_once_where_consent_stands(sandbox: Sandbox) -> None:
    first, second = await sandbox.child("Anvar", "Rahimov"), await sandbox.child("Olim", "Rahimov")
    parent = await sandbox.parent("uz")
    await parent.register(first)
    assert "Olim" in plain_text(await parent.start(second.link_code))


async def test_saying_no_leaves_nothing(sandbox: Sandbox) -> None:
    child = await sandbox.child("Laylo", "Tosheva")
    parent = await sandbox.parent("uz")
    await parent.start(child.link_code)
    await parent.press("lang:uz")
    await parent.press("consent:no")
    assert plain_text(parent.last)
    assert await _rows_about(sandbox, parent) == []


def _altered(payload: str) -> str:
    raw = bytearray(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    raw[5] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoil", [_altered, lambda p: p[:-5], lambda _: "hello", lambda p: p[::-1]])
async def test_a_bad_link_is_refused_at_once(sandbox: Sandbox, language: str, spoil: Any) -> None:
    child = await sandbox.child("Jasur", "Nazarov")
    parent = await sandbox.parent(language)
    replies = await parent.start(spoil(child.link_code))
    assert KINDLY_REFUSED[language] in plain_text(replies).lower()
    assert "Jasur" not in plain_text(replies)


async def test_a_used_link_is_refused(sandbox: Sandbox) -> None:
    child = await sandbox.child("Nodira", "Saidova")
    await (await sandbox.parent("ru")).register(child)
    stranger = await sandbox.parent("en")
    replies = await stranger.start(child.link_code)
    assert "link" in plain_text(replies).lower()
    assert "Nodira" not in plain_text(await stranger.messages())


async def test_somebody_elses_contact_opens_nothing(sandbox: Sandbox) -> None:
    phone = "+998907770001"
    await sandbox.child("Kamola", "Ergasheva", phone=phone)
    parent = await sandbox.parent("en", phone="+998907770002")
    await parent.start()
    await parent.press("lang:en")
    await parent.press("consent:yes")
    for contact in (
        {"phone_number": phone, "first_name": "Friend"},
        {"phone_number": phone, "first_name": "Friend", "user_id": 987654321},
    ):
        replies = await parent.send(contact=contact)
        assert plain_text(replies)
        assert "Kamola" not in plain_text(replies)
    assert (
        await sandbox.rows(
            "SELECT 1 FROM learners l JOIN parents p ON p.id = l.parent_id WHERE telegram_id = $1", parent.id
        )
        == []
    )


async def test_a_phone_that_the_school_does_not_know(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("ru", phone="+998909990000")
    await parent.start()
    await parent.press("lang:ru")
    await parent.press("consent:yes")
    assert plain_text(await parent.send(contact=True))
    rows = await sandbox.rows("SELECT registration_completed FROM parents WHERE telegram_id = $1", parent.id)
    assert [row[0] for row in rows] == [False]


async def test_rights_that_end_hide_the_child_at_once(sandbox: Sandbox) -> None:
    child = await sandbox.child("Sardor", "Umarov")
    parent = await sandbox.parent("en")
    await parent.register(child)
    await child.set_visible(can_view=False)
    assert "Sardor" not in plain_text(await parent.say("How is Sardor doing?"))
    assert "Sardor" not in plain_text(await parent.say("/report"))


async def test_the_demos_first_family_is_settled(sandbox: Sandbox) -> None:
    rows = await sandbox.rows(
        "SELECT count(*) FROM subscriptions s JOIN parents p ON p.id = s.parent_id"
        " WHERE s.status = 'ACTIVE' AND p.telegram_id = $1",
        (await sandbox.state())["users"][0]["id"],
    )
    assert rows[0][0] == 1
