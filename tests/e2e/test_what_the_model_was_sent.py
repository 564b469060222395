"""The last tests of a run: what reached the language model's stand-in, and what stands in the logs.

A run may be spread over two sandboxes: each is looked at.
"""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.sandbox import Sandbox
from tests.fixtures.journal import WORDS_TOO
from tests.fixtures.spreading import IN_BOTH_HALVES

pytestmark = pytest.mark.parametrize("half", IN_BOTH_HALVES)
_TRACE_ID = re.compile(r'(?<="trace_id": ")[0-9a-f]{32}(?=")')
"""One in some thousands holds what reads like a phone."""
_SHORTEST_NAME = 4  # shorter ones are ordinary words too, in one of the three languages


async def _names(sandbox: Sandbox) -> set[str]:
    """Every name of the school and of the fake parents, word by word."""
    full = [user["first_name"] for user in (await sandbox.state())["users"]]
    for query in ("SELECT display_name FROM bot_api_v1.v_student", "SELECT full_name FROM bot_api_v1.v_guardian"):
        full += [row[0] for row in await sandbox.rows(query, database="platform")]
    return {word.casefold() for name in full for word in name.split() if len(word) >= _SHORTEST_NAME}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w'ʻʼ’]+", text.casefold()))


def _assert_no_addresses(text: str) -> None:
    assert not re.search(r"\+?998\d{9}", text), "a phone"
    assert not re.search(r"[\w.]+@[\w.]+\.\w+", text), "an e-mail"


async def test_no_request_names_anybody(sandbox: Sandbox, half: str) -> None:
    """Of every other sandbox `running_sandbox` asks the same when it ends."""
    requests = await sandbox.model_requests()
    assert len(requests) > 5, "the run talked to the model"
    assert requests[0]["seq"] == 1, "the journal is whole"
    sent = json.dumps([request["body"] for request in requests], ensure_ascii=False)
    assert _words(sent) & await _names(sandbox) <= WORDS_TOO
    assert await sandbox.persons_sent() == set()


async def test_no_log_line_names_anybody_or_tells_what_was_said(sandbox: Sandbox, half: str) -> None:
    logs = "\n".join(log.read_text(encoding="utf-8") for log in (sandbox.folder / "logs").glob("*.jsonl"))
    lines = [json.loads(line) for line in logs.splitlines() if line]
    assert any(line.get("trace_id") for line in lines)
    assert not _words(logs) & await _names(sandbox)
    _assert_no_addresses(_TRACE_ID.sub("", logs.replace("postgresql://", "")))
    keys = (await sandbox.state())["keys"]
    for secret in (keys["telegram_token"].partition(":")[2], keys["payme"], "sk-sandbox-", "postgresql://"):
        assert secret not in logs
    said = await sandbox.rows("SELECT user_message, ai_reply FROM dialogs")
    assert said
    for row in said:
        assert row["user_message"][:40] not in logs
        assert not row["ai_reply"] or row["ai_reply"][:40] not in logs
