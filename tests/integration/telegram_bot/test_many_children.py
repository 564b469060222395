"""A guardian of very many children: what does not fit one message goes on in the next."""

from __future__ import annotations

import asyncpg

from mentorium_bot.container import Container
from mentorium_sandbox.client import callback_buttons, plain_text
from tests.integration.telegram_bot.conftest import Outside

CHILDREN = 130
_MORE_CHILDREN = """
    WITH made AS (
        INSERT INTO platform.student (display_name)
        SELECT 'Pupil' || n || ' ' || repeat('Long', 20) FROM generate_series(2, $2) n RETURNING student_id
    )
    INSERT INTO platform.guardian_student (guardian_id, student_id, relation)
    SELECT $1, student_id, 'guardian' FROM made
"""


async def test_a_guardian_of_very_many_children_has_every_menu(
    outside: Outside, bot: Container, platform_dsn: str
) -> None:
    """inputs M: of the kind that a menu which Telegram refuses is no menu."""
    child = await outside.child("Pupil1")
    school = await asyncpg.connect(platform_dsn)
    try:
        await school.execute(_MORE_CHILDREN, child.guardian_id, CHILDREN)
    finally:
        await school.close()
    user = await outside.user()
    await outside.register(user, child.link_code)
    for command, prefix in (("/children", "unlink:"), ("/report", "child:")):
        shown = await outside.say(user, command)
        buttons = [data for message in shown for data in callback_buttons(message) if data.startswith(prefix)]
        assert len(set(buttons)) == CHILDREN, command
    assert f"Pupil{CHILDREN} " in plain_text(await outside.say(user, "/children"))
