"""Whatever is sent to the school's control calls: an answer, or a refusal that says why; never a crash."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.school import School, routes
from sandbox_tests.school.conftest import NOW

CALLS = ("students", "activity", "links", "rights", "generate", "freeze")
KINDS = ("lesson", "attempt", "award", "comment", "activity_day", "enrollment", "material")
# JSON carries half a surrogate pair as well as a zero.
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "\0", "\ud800", "10001", "NaN", "' OR 1=1 --", "+998901112233", "a@b.example", "build-your-ai"]
    ),
    st.sampled_from(["2026-11-24", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", NOW.isoformat()]),
    st.text(alphabet=st.characters(), max_size=40),
    st.integers(1, 5).map(lambda n: "x" * 10**n),
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 1, 101, 10_001, 50_001, 2**31, 2**63 - 1, 2**63, 2**70, 10**300]),
    st.integers(),
    st.floats(),
    st.sampled_from([0.001, 1e-300, 17.555, 999_999, 86_401]),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
GUARDIANS = st.fixed_dictionaries(
    {}, optional={"full_name": TEXTS, "email": TEXTS, "phone": TEXTS, "locale": TEXTS, "x": ANYTHING}
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(KINDS),
    "student_id": st.one_of(st.just(10_005), NUMBERS),
    "guardian_id": st.one_of(st.just(50_001), NUMBERS),
    "guardian": GUARDIANS,
    "courses": st.lists(TEXTS, max_size=3),
    "can_view": st.booleans(),
    "students": st.one_of(st.integers(-3, 12), st.just(10**30)),
}
NAMES = (
    *FIELDS,
    *("at", "lesson_id", "title", "score", "max_score", "topic", "code", "body", "author_name", "course", "status"),
    *("day", "active_seconds", "seed", "activity_as_of", "first_name", "last_name", "surprise"),
)
BODIES = st.lists(st.sampled_from(NAMES), unique=True, max_size=8).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.one_of(FIELDS.get(name, st.one_of(TEXTS, NUMBERS)), ANYTHING) for name in names}
    )
)


@pytest.mark.parametrize("call", CALLS)
@given(bodies=st.lists(BODIES, min_size=5, max_size=20))
@settings(max_examples=8, deadline=timedelta(minutes=2), suppress_health_check=list(HealthCheck), derandomize=True)
async def test_it_answers_or_says_why_not(small_school: str, call: str, bodies: list[dict[str, Any]]) -> None:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(routes(School("key", lambda: NOW, small_school)))
    async with TestClient(TestServer(app)) as client:
        for body in bodies:
            raw = json.dumps(body)
            async with client.post(f"/sandbox/platform/{call}", data=raw) as response:
                assert response.status in {200, 400, 404, 409}, (raw, await response.text())
                if response.status != 200:
                    assert (await response.json())["error"], raw


@pytest.mark.parametrize("raw", ["", "[]", "null", "{", '{"kind": ', "[" * 100_000, '{"students": ' + "9" * 5000 + "}"])
@pytest.mark.parametrize("call", CALLS)
async def test_a_body_that_is_none(small_school: str, call: str, raw: str) -> None:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(routes(School("key", lambda: NOW, small_school)))
    async with TestClient(TestServer(app)) as client, client.post(f"/sandbox/platform/{call}", data=raw) as response:
        # freezing takes no field: an empty body lets the feed flow
        assert response.status == (200 if (call, raw) == ("freeze", "") else 400)
