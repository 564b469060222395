"""What an update is to the inbox, and a person's quota: nothing of what comes is taken for granted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.inbox.quota import QUICK_TIMES, PersonQuota, QuotaVerdict
from mentorium_core.inbox.rules import counts, is_quick, pause_s, read_update
from mentorium_domain.inbox import NO_CHAT, InboxLane

PERSON = {"id": 7, "is_bot": False, "first_name": "P"}
CHAT = {"id": 7, "type": "private"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
KINDS = st.sampled_from(["message", "callback_query", "pre_checkout_query", "my_chat_member", "unheard_of"])


@given(st.dictionaries(KINDS | st.text(), JSON, max_size=2), JSON)
def test_whatever_comes_is_kept_as_it_came_or_has_no_id(content: dict[str, Any], update_id: Any) -> None:
    raw = {**content, "update_id": update_id}
    update = read_update(raw)
    is_id = isinstance(update_id, int) and not isinstance(update_id, bool) and 0 <= update_id < 2**63
    assert (update is not None) == is_id
    if update is not None:
        assert json.loads(update.content) == raw
        assert update.content.isascii()
        assert "\x00" not in update.content
        assert update.kind.isascii()
        assert "\x00" not in update.kind
        assert -(2**63) < update.chat_id < 2**63
        counts(update, raw)
        is_quick(update, raw)


@pytest.mark.parametrize(
    ("raw", "lane", "chat", "counted"),
    [
        ({"message": {"chat": CHAT, "from": PERSON, "text": "hi"}}, InboxLane.ORDINARY, 7, True),
        ({"message": {"chat": CHAT, "from": PERSON, "successful_payment": {}}}, InboxLane.PAYMENT, 7, False),
        ({"message": {"chat": CHAT, "from": PERSON, "refunded_payment": {}}}, InboxLane.PAYMENT, 7, False),
        ({"pre_checkout_query": {"id": "1", "from": PERSON}}, InboxLane.PAYMENT, 7, False),
        ({"subscription": {"user": PERSON, "state": "canceled"}}, InboxLane.PAYMENT, 7, False),
        ({"callback_query": {"from": PERSON, "message": {"chat": {"id": -5}}}}, InboxLane.ORDINARY, -5, True),
        ({"callback_query": {"from": PERSON, "data": "erase:yes"}}, InboxLane.ORDINARY, 7, False),
        ({"callback_query": {"from": PERSON, "data": "lang:ru"}}, InboxLane.ORDINARY, 7, True),
        ({"stopped_message_generation": {"chat": CHAT, "from": PERSON}}, InboxLane.ORDINARY, 7, False),
        ({"my_chat_member": {"chat": CHAT, "from": PERSON}}, InboxLane.ORDINARY, 7, False),
        ({"poll": {"id": "1"}}, InboxLane.ORDINARY, NO_CHAT, False),
        ({}, InboxLane.ORDINARY, NO_CHAT, False),
    ],
)
def test_lane_order_and_quota_of_each_kind(raw: dict[str, Any], lane: InboxLane, chat: int, *, counted: bool) -> None:
    update = read_update({"update_id": 1, **raw})
    assert update is not None
    assert (update.lane, update.chat_id, counts(update, raw)) == (lane, chat, counted)


@pytest.mark.parametrize(
    ("content", "person"),
    [
        ({"chat": CHAT, "from": {"id": 8}}, 8),
        ({"chat": CHAT, "user": {"id": 9}}, 9),
        ({"chat": CHAT, "draft_id": 1}, 7),
        ({"chat": {"id": -5, "type": "group"}, "draft_id": 1}, None),
    ],
)
def test_where_nobody_is_named_it_is_theirs_whose_private_chat_it_is(
    content: dict[str, Any], person: int | None
) -> None:
    update = read_update({"update_id": 1, "stopped_message_generation": content})
    assert update is not None
    assert update.user_id == person


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200))
def test_nobody_gets_more_than_their_bucket_holds_and_is_told_once(pauses: list[float]) -> None:
    quota, now, admitted, told_since_admitted = PersonQuota(20, 1.0), 0.0, 0, 0
    for pause in pauses:
        now += pause
        match quota.take(7, now):
            case QuotaVerdict.ADMITTED:
                admitted, told_since_admitted = admitted + 1, 0
            case QuotaVerdict.REFUSED_FIRST:
                told_since_admitted += 1
            case QuotaVerdict.REFUSED:
                assert told_since_admitted == 1
        assert admitted <= 20 + now + 1e-6
        assert told_since_admitted <= 1


def test_twenty_at_once_then_one_a_second() -> None:
    quota = PersonQuota()
    assert {quota.take(7, 0.0) for _ in range(20)} == {QuotaVerdict.ADMITTED}
    assert quota.take(7, 0.0) is QuotaVerdict.REFUSED_FIRST
    assert [quota.take(7, 1.0), quota.take(7, 1.5)] == [QuotaVerdict.ADMITTED, QuotaVerdict.REFUSED_FIRST]


def test_below_sixty_presses_and_commands_in_a_minute_nobody_is_held_back_however_fast_they_come() -> None:
    quota = PersonQuota(quick_times=QUICK_TIMES)
    for minute in range(3):
        assert {quota.take(7, minute * 60.0, quick=True) for _ in range(60)} == {QuotaVerdict.ADMITTED}
    assert quota.take(7, 120.0, quick=True) is QuotaVerdict.REFUSED_FIRST


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), min_size=1, max_size=300))
def test_whatever_the_mixture_sixty_at_once_are_the_most_and_one_is_told(sent: list[tuple[float, bool]]) -> None:
    quota, now, admitted, written, told_since_admitted = PersonQuota(quick_times=QUICK_TIMES), 0.0, 0, 0, 0
    for pause, quick in sent:
        now += pause
        match quota.take(7, now, quick=quick):
            case QuotaVerdict.ADMITTED:
                admitted, written, told_since_admitted = admitted + 1, written + (not quick), 0
            case QuotaVerdict.REFUSED_FIRST:
                told_since_admitted += 1
        assert admitted <= 60 + now + 1e-6
        assert written <= 20 + now + 1e-6
        assert told_since_admitted <= 1


def test_who_alternates_is_told_once() -> None:
    quota = PersonQuota(quick_times=QUICK_TIMES)
    verdicts = [quota.take(7, 0.0, quick=quick) for _ in range(200) for quick in (False, True)]
    assert verdicts.count(QuotaVerdict.ADMITTED) == 60
    assert verdicts.count(QuotaVerdict.REFUSED_FIRST) == 1


def test_who_has_come_to_rest_is_told_anew_whatever_they_sent_too_much_of_before() -> None:
    quota = PersonQuota(quick_times=QUICK_TIMES)
    assert QuotaVerdict.REFUSED_FIRST in [quota.take(7, 0.0) for _ in range(21)]
    assert [quota.take(7, 3_600.0, quick=True) for _ in range(61)][-1] is QuotaVerdict.REFUSED_FIRST


def test_who_has_looked_around_may_still_ask_a_second_later() -> None:
    quota = PersonQuota(quick_times=QUICK_TIMES)
    assert {quota.take(7, 0.0, quick=True) for _ in range(40)} == {QuotaVerdict.ADMITTED}
    assert quota.take(7, 1.0) is QuotaVerdict.ADMITTED


@pytest.mark.parametrize(
    ("raw", "quick"),
    [
        ({"message": {"chat": CHAT, "from": PERSON, "text": "/help"}}, True),
        ({"callback_query": {"from": PERSON, "data": "lang:ru"}}, True),
        ({"message": {"chat": CHAT, "from": PERSON, "text": "how is she?"}}, False),
        ({"message": {"chat": CHAT, "from": PERSON, "sticker": {}}}, False),
        ({"edited_message": {"chat": CHAT, "from": PERSON, "text": "/help"}}, False),
    ],
)
def test_presses_and_commands_are_told_from_what_one_writes(raw: dict[str, Any], *, quick: bool) -> None:
    update = read_update({"update_id": 1, **raw})
    assert update is not None
    assert is_quick(update, raw) is quick


def test_each_has_a_bucket_of_their_own() -> None:
    quota = PersonQuota(2, 0.1)
    assert [quota.take(1, 0.0) for _ in range(4)] == [
        QuotaVerdict.ADMITTED,
        QuotaVerdict.ADMITTED,
        QuotaVerdict.REFUSED_FIRST,
        QuotaVerdict.REFUSED,
    ]
    assert quota.take(2, 0.0) is QuotaVerdict.ADMITTED
    assert quota.take(1, 11.0) is QuotaVerdict.ADMITTED


def test_a_payment_is_tried_for_an_hour_and_anything_else_for_a_quarter() -> None:
    minutes = timedelta(minutes=1)
    assert pause_s(14 * minutes, InboxLane.ORDINARY, "message", 30) == 15.0
    assert pause_s(16 * minutes, InboxLane.ORDINARY, "message", 30) is None
    assert pause_s(59 * minutes, InboxLane.PAYMENT, "message", 30) == 60.0
    assert pause_s(61 * minutes, InboxLane.PAYMENT, "message", 30) is None
    assert pause_s(timedelta(), InboxLane.PAYMENT, "message", 1) == 1.0


def test_a_checkout_is_given_up_when_telegram_no_longer_waits_for_it() -> None:
    second = timedelta(seconds=1)
    assert pause_s(7 * second, InboxLane.PAYMENT, "pre_checkout_query", 9) == 1.0
    assert pause_s(9 * second, InboxLane.PAYMENT, "pre_checkout_query", 1) is None
