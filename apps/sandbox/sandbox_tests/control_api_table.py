"""The control API's table as data: what programs that drive a sandbox rely on. `test_control_api_table.py` walks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
NO_FIELDS: Json = {}
ID = "{id}"  # a fake user of the test
STUDENT, GUARDIAN = "{student}", "{guardian}"  # of the test's school

# A mistake in any of these is refused by name: to each field a value that cannot be meant.
_NUMBER, _TEXT = ["not a number"], ["not a text"]
_WAIT: Json = {"wait_s": _NUMBER, "bot": _NUMBER}


@dataclass(frozen=True, slots=True)
class Call:
    """One row. `path` is without `/sandbox`.

    `body` is a right one. `wrong` has every field of the row with a value whose refusal names the field. `answers`
    are the keys of the right body's answer; None: answering needs the product, whose own tests make that call.
    """

    method: str
    path: str
    body: Json = field(default_factory=dict)
    wrong: Json = field(default_factory=dict)
    answers: frozenset[str] | None = None


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


_KINDS_OF_FAULTS = (
    *("status_429", "status_500", "timeout", "drop_response", "slow", "down", "read_only", "commit_lost"),
    *("stream_cut", "corrupt_chunk", "stall", "quota"),
)
_DATABASE = ("timeout", "drop_response", "slow", "down", "read_only", "commit_lost")
_HTTP = ("status_429", "status_500", "timeout", "drop_response", "slow", "down")
FAULT_KINDS = frozenset(_KINDS_OF_FAULTS)
FAULTS = {
    "telegram": frozenset(_HTTP),
    "smtp": frozenset(_HTTP),
    "payme": frozenset(_HTTP),
    "click": frozenset(_HTTP),
    "openai": frozenset((*_HTTP, "stream_cut", "corrupt_chunk", "stall", "quota")),
    "platform_db": frozenset(_DATABASE),
    "bot_db": frozenset(_DATABASE),
    "redis": frozenset(("timeout", "drop_response", "slow", "down")),
}
PARTS = ("bot", "webhook", "worker", "bot_db", "redis")
PART_ACTIONS = ("kill", "stop", "start")
COMMAND_LINE = ("--headless", "--port", "--fresh", "--telegram-limits", "--webhook", "--data")
STATE = {
    "": _keys("now", "users", "bot", "urls", "databases", "keys"),
    "bot": _keys("username", "mode"),
    "urls": _keys("webhook", "telegram", "mini_app", "admin", "metrics"),
    "databases": _keys("bot", "platform"),
    "keys": _keys("payme", "click_secret", "click_service_id", "telegram_token"),
}
CALL_ENTRY = _keys("seq", "time", "method", "params", "status", "error")
REQUEST_ENTRY = _keys("seq", "time", "path", "body", "status")

CHILD: Json = {"first_name": "Aziza", "last_name": "Karimova", "guardian": {"full_name": "Dilnoza Karimova"}}
_AT_SCHOOL: Json = {"student_id": _NUMBER, "kind": _TEXT, "at": _NUMBER}


def _message(**one: Any) -> Json:
    return {**one, "wait_s": 0}


def _activity(kind: str, wrong: Json = NO_FIELDS, *answers: str, **what: Any) -> Call:
    body = {"student_id": STUDENT, "kind": kind, **what}
    common = {name: value for name, value in _AT_SCHOOL.items() if (kind, name) != ("material", "student_id")}
    return Call("POST", "/platform/activity", body, {**common, **wrong}, _keys(*answers))


def _script(**what: Any) -> Call:
    wrong: Json = {
        **dict.fromkeys(("times", "delay_ms", "cut_after", "corrupt_at", "stall_s"), _NUMBER),
        **dict.fromkeys(("match", "ending"), _TEXT),
        **({} if "json" in what else {name: {"no": 1} for name in what}),
    }
    return Call("POST", "/openai/script", what, wrong, _keys("scripted"))


TABLE = (
    Call("GET", "/health", answers=_keys("ready", "parts")),
    Call("GET", "/state", answers=STATE[""]),
    Call(
        "POST",
        "/users",
        {"first_name": "Dilnoza", "language_code": "uz", "phone": "+998901112233", "id": 900_000_001},
        {"first_name": _NUMBER, "language_code": _NUMBER, "phone": _NUMBER, "id": _TEXT},
        _keys("id"),
    ),
    *(
        Call("POST", f"/users/{ID}/messages", _message(**right), {**wrong, **_WAIT}, _keys("message_id", "replies"))
        for right, wrong in (
            ({"text": "Salom"}, {"text": _TEXT}),
            ({"contact": True}, {"contact": 1}),
            (
                {"contact": {"phone_number": "+998901234567", "first_name": "Ali", "user_id": 1}},
                {
                    "contact.phone_number": _NUMBER,
                    "contact.first_name": _NUMBER,
                    "contact.user_id": _TEXT,
                },
            ),
            ({"voice_base64": "c2Fsb20=", "spoken": "Salom"}, {"voice_base64": "?", "spoken": _TEXT}),
            ({"sticker": True}, {"sticker": 1}),
        )
    ),
    Call("POST", f"/users/{ID}/messages", NO_FIELDS, {"photo_base64": "?"}),
    Call(
        "POST",
        f"/users/{ID}/press",
        {"message_id": 1, "button": "lang:uz", "wait_s": 0},
        {"message_id": _TEXT, "button": _TEXT, **_WAIT},
        _keys("replies", "edited", "callback_answer", "url", "web_app"),
    ),
    Call("POST", f"/users/{ID}/start", _message(), {"payload": _TEXT, **_WAIT}, _keys("message_id", "replies")),
    Call("POST", f"/users/{ID}/stop", NO_FIELDS, {"draft_id": _TEXT, **_WAIT}),
    Call("POST", f"/users/{ID}/block", NO_FIELDS, {"bot": _NUMBER}, _keys("blocked")),
    Call("POST", f"/users/{ID}/unblock", NO_FIELDS, {"bot": _NUMBER}, _keys("blocked")),
    Call(
        "POST",
        f"/users/{ID}/pay",
        {"message_id": "{invoice}", "outcome": "cancel", "wait_s": 0},
        {"message_id": _TEXT, "outcome": "perhaps", **_WAIT},
        _keys("outcome", "pre_checkout", "error", "charge_id", "payment", "message_id", "balance", "replies", "edited"),
    ),
    Call("POST", f"/users/{ID}/pay", {"link": "{link}", "outcome": "cancel"}, {"link": 1}, _keys("outcome")),
    Call("POST", f"/users/{ID}/stars", {"balance": 5}, {"balance": _TEXT, "bot": _NUMBER}, _keys("balance")),
    Call(
        "POST",
        f"/users/{ID}/star_subscription",
        {"charge_id": "{charge}", "action": "cancel"},
        {"charge_id": _TEXT, "action": "tickle", **_WAIT},
        _keys("charge_id", "state", "until"),
    ),
    Call("POST", f"/users/{ID}/grant", {"tariff": "monthly"}, {"tariff": _TEXT}),
    Call("POST", "/users/bulk", {"count": 2}, {"count": _TEXT, "registered": 1}, _keys("ids")),
    _script(text="Salom"),
    _script(chunks=["Sa", "lom"]),
    _script(tool_calls=[{"name": "progress", "arguments": {}}]),
    _script(json={"any": 1}),
    _script(transcription="Salom"),
    Call("POST", "/openai/script", {"moderation": {"flagged": True}}, {"moderation": 5}, _keys("scripted")),
    Call("DELETE", "/openai/script", answers=_keys("cleared")),
    *(Call("POST", f"/parts/{part}", {"action": "kill"}, {"action": "tickle"}) for part in PARTS),
    Call("POST", "/limits", {"telegram": False}, {"telegram": 1}, _keys("telegram")),
    Call("GET", f"/users/{ID}/chat?after=0", answers=_keys("messages", "drafts")),
    Call("POST", "/clock", {"advance": "PT1S"}, {"advance": "P"}, _keys("now", "ran")),
    Call("POST", "/clock", {"to": "2099-01-01T00:00:00+05:00"}, {"to": "soon"}),
    *(
        Call(
            "POST",
            "/faults",
            {"target": target, "kind": kind, "times": 3},
            {
                "target": "moon",
                "kind": "tickle",
                "match": _TEXT,
                "times": 0,
                "rate": 2,
                "retry_after": 0,
            },
            _keys("id"),
        )
        for target, kinds in FAULTS.items()
        for kind in sorted(kinds)
    ),
    Call("DELETE", "/faults", answers=_keys("cleared")),
    Call("GET", "/mailbox", answers=_keys("messages")),
    Call("GET", "/sentry", answers=_keys("events")),
    Call("GET", "/calls?method=sendMessage&after=0", answers=_keys("calls")),
    Call("GET", "/openai?after=0", answers=_keys("requests")),
    Call(
        "POST",
        "/platform/students",
        {**CHILD, "courses": []},
        {
            "first_name": _TEXT,
            "last_name": _TEXT,
            "guardian": 1,
            "courses": 1,
            **{f"guardian.{name}": _TEXT for name in ("full_name", "email", "phone")},
        },
        _keys("student_id", "guardian_id", "link_code"),
    ),
    _activity("lesson", {"lesson_id": _TEXT}, "lesson_id"),
    _activity(
        "attempt",
        {"title": _NUMBER, "topic": _NUMBER, "score": _TEXT, "max_score": _TEXT},
        "attempt_id",
        score=4,
        max_score=5,
    ),
    _activity("award", {"code": _NUMBER}, "award_id", code="first_lesson"),
    _activity("comment", {"body": _NUMBER}, "comment_id", body="Yaxshi"),
    _activity(
        "activity_day",
        {"day": _NUMBER, "active_seconds": _TEXT},
        "student_id",
        day="2026-01-05",
        active_seconds=600,
    ),
    _activity("enrollment", {"course": _NUMBER, "status": "lost"}, "enrollment_id", course="{course}", status="paused"),
    _activity("material", {"course": _NUMBER, "title": _NUMBER}, "lesson_id", course="{course}", title="Yangi dars"),
    Call("POST", "/platform/links", {"guardian_id": GUARDIAN}, {"guardian_id": _TEXT}, _keys("payload")),
    Call("POST", "/platform/generate", {"students": 1, "seed": 1}, {"students": 0, "seed": _TEXT}, _keys("students")),
    Call("POST", "/platform/freeze", {"activity_as_of": None}, {"activity_as_of": _NUMBER}, _keys("activity_as_of")),
    Call(
        "POST",
        "/platform/rights",
        {"guardian_id": GUARDIAN, "student_id": STUDENT, "can_view": False},
        {"guardian_id": _TEXT, "student_id": _TEXT, "can_view": 1},
        _keys("can_view"),
    ),
    Call(
        "POST",
        "/payme/pay",
        {"link": "{payme_link}", "outcome": "ok"},
        {"link": "?", "outcome": "well", "card": "1"},
        _keys("calls"),
    ),
    Call(
        "POST",
        "/payme/cards",
        {"number": "8600123412341234", "expire": "0399", "balance": 5, "phone": "998901234567", "kind": "ok"},
        {"number": "1", "expire": "9999", "balance": -1, "phone": "1", "kind": "none"},
        _keys("number", "token", "expire", "balance", "sms_code"),
    ),
    Call(
        "POST",
        "/click/pay",
        {"link": "{click_link}", "outcome": "ok", "http_method": "GET"},
        {"link": "?", "outcome": "well", "card": "1", "http_method": "PUT"},
        _keys("calls"),
    ),
    Call("POST", "/updates", {"message": {"text": "raw"}}, {"update_id": -1, "repeat": _TEXT}, _keys("update_id")),
)

# The control API's extras, of which the table says nothing: the page's own, and the client's.
BESIDES = frozenset(
    {
        *("GET /users", "GET /faults", r"DELETE /faults/{id}", "GET /events", "GET /files/{file_id}"),
        *("GET /outbox", "GET /platform/family", r"GET /users/{id}/stars"),
        *("GET /payme/transactions", "POST /payme/refund", "GET /click/payments", "POST /payme/scenarios"),
    }
)
