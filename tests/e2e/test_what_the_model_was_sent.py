"""The last test of a run: the journal of everything that reached the language model's stand-in."""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_request_names_anybody(sandbox: Sandbox) -> None:
    requests = await sandbox.requests_to_the_model()
    assert len(requests) > 5, "the run talked to the model"
    sent = json.dumps([request["body"] for request in requests], ensure_ascii=False).casefold()
    names = set()
    for query in ("SELECT display_name FROM bot_api_v1.v_student", "SELECT full_name FROM bot_api_v1.v_guardian"):
        for (name,) in await sandbox.rows(query, database="platform"):
            names |= {part.casefold() for part in name.split() if len(part) > 3}
    known = {row[0] for row in await sandbox.rows("SELECT telegram_id::text FROM parents")}
    known |= {user["first_name"].casefold() for user in (await sandbox.state())["users"] if len(user["first_name"]) > 3}
    words = set(re.findall(r"[\w'ʻʼ’]+", sent))
    assert not words & names, "a name went out"
    assert not [secret for secret in known if secret in words]
    assert not re.search(r"\+?998\d{9}", sent), "a phone went out"
    assert not re.search(r"[\w.]+@[\w.]+\.\w+", sent), "an e-mail went out"
