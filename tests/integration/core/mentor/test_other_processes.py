"""What is heard of other processes may be anything: whoever may NOTIFY may say it."""

from __future__ import annotations

import pytest

from mentorium_core.mentor.other_processes import EndAnswers


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        '{"chat_id": 7}',
        '{"chat_id": null, "dialog_id": null}',
        '{"chat_id": "x", "dialog_id": null}',
        '{"chat_id": NaN, "dialog_id": null}',
        '{"chat_id": Infinity, "dialog_id": null}',
        '{"chat_id": 7, "dialog_id": 1e999}',
        "[" * 7_999,
        '{"chat_id": ' + "9" * 7_900 + ', "dialog_id": null}',
    ],
)
def test_what_is_none_of_ours_ends_nothing(payload: str) -> None:
    assert EndAnswers.from_payload(payload) is None


def test_what_is_ours_is_understood() -> None:
    assert EndAnswers.from_payload('{"chat_id": 7, "dialog_id": 8}') == EndAnswers(7, 8)
    assert EndAnswers.from_payload('{"chat_id": 7, "dialog_id": null}') == EndAnswers(7)
