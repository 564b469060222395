"""What the service says about trying again, read without a server."""

from __future__ import annotations

import httpx2
import openai
import pytest

from mentorium_ai_client.utils import is_quota, is_transient, reason_of, retry_after_s

REQUEST = httpx2.Request("POST", "https://model.example/v1/chat/completions")


def refused(status: int = 429, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    return openai.APIStatusError("No.", response=httpx2.Response(status, headers=named, request=REQUEST), body=None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "2"}, 2.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "9", "retry_after_ms": "250"}, 0.25),
        ({"retry_after": "Tue, 24 Nov 2026 09:00:07 GMT", "date": "Tue, 24 Nov 2026 09:00:00 GMT"}, 7.0),
        ({"retry_after": "Tue, 24 Nov 2026 09:00:07 GMT"}, None),
        ({"retry_after": "Tue, 24 Nov 2026 09:00:07 -0000", "date": "Tue, 24 Nov 2026 09:00:00 GMT"}, None),
        ({"retry_after": "soon", "date": "Tue, 24 Nov 2026 09:00:00 GMT"}, None),
        ({"retry_after": "0"}, None),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({}, None),
    ],
)
def test_how_long_the_service_asks_us_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(refused(headers=headers)) == seconds


@pytest.mark.parametrize(
    ("code", "again", "reason"), [("server_error", True, "error_event"), ("insufficient_quota", False, "quota")]
)
def test_an_error_inside_the_stream(code: str, again: bool, reason: str) -> None:
    error = openai.APIError("No.", REQUEST, body={"code": code})

    assert is_transient(error) is again
    assert is_quota(error) is not again
    assert reason_of(error) == reason


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_what_may_pass_by_itself(status: int) -> None:
    assert is_transient(refused(status))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_what_will_not_pass_by_itself(status: int) -> None:
    assert not is_transient(refused(status))


def test_an_error_of_our_own_is_never_tried_again() -> None:
    assert not is_transient(KeyError("a bug"))
