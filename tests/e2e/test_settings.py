"""/settings from beginning to end: found by its command, in the language of the parent, and what is chosen is kept."""

from __future__ import annotations

import pytest

from mentorium_sandbox.client import callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox

SAID = {
    "uz": ("hafta uchun: Ju, 18:00", "Eslatmalar: oʻchirilgan"),
    "ru": ("за неделю: пт, 18:00", "Напоминания: выключены"),
    "en": ("for the week: Fri, 18:00", "Reminders: off"),
}


@pytest.mark.parametrize("language", SAID)
async def test_a_parent_chooses_in_their_language(sandbox: Sandbox, language: str) -> None:
    parent = await sandbox.parent(language)
    await parent.register(await sandbox.child("Aziza", "Karimova"), tariff=None)
    (shown,) = await parent.say("/settings")
    assert {"notify:reports", "notify:reminder:off:all"} <= set(callback_buttons(shown))
    for button in ("notify:reminder:off:all", "notify:reports", "freq:weekly", "weekday:5", "time:18", "notify:all"):
        await parent.press(button)
    reports, reminders = SAID[language]
    settings = (await parent.messages())[-1]
    assert settings["message_id"] == shown["message_id"], "it is changed where it stands"
    assert reports in plain_text([settings])
    assert reminders in str(settings["reply_markup"])
    (row,) = await sandbox.rows(
        "SELECT s.* FROM notification_settings s JOIN parents p ON p.id = s.parent_id WHERE p.telegram_id = $1",
        parent.id,
    )
    chosen = (row["report_frequency"], row["report_weekday"], row["report_hour"], row["reminder"], row["achievement"])
    assert chosen == ("weekly", 5, 18, False, True)
