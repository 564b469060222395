"""Click's protocol without a server: signatures, shapes, and what an answer looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_bot.services.payment.click import (
    NOTES,
    ClickKeys,
    ClickRefusal,
    answer,
    expected_sign,
    order_named,
    read_call,
    read_fields,
)
from mentorium_core.billing.click_rules import ClickAction, ClickCall, ClickCode, ClickOutcome

GOLDEN_KEYS = ClickKeys(85_335, "AAAAAAAA")
GOLDEN = {
    "click_trans_id": "2000000001",
    "service_id": "85335",
    "click_paydoc_id": "3000000001",
    "merchant_trans_id": "1001",
    "merchant_prepare_id": "42",
    "error": "0",
    "error_note": "",
    "sign_time": "2026-11-22 10:00:00",
}
ORDER = "mnt2345abcdefghij"[:16]
NUL = chr(0)


def signed(action: ClickAction, /, **changed: str) -> dict[str, str]:
    """A call of ours with a right signature."""
    fields = {**GOLDEN, "merchant_trans_id": ORDER, "amount": "99000", "action": str(action.value), **changed}
    if action is ClickAction.PREPARE and "merchant_prepare_id" not in changed:
        del fields["merchant_prepare_id"]
    return {**fields, "sign_string": expected_sign(fields, GOLDEN_KEYS.secret_key)}


def code_of(fields: dict[str, str] | None, action: ClickAction = ClickAction.PREPARE) -> ClickCode:
    call = read_call(fields, action, GOLDEN_KEYS)
    return call.code if isinstance(call, ClickRefusal) else ClickCode.SUCCESS


@pytest.mark.parametrize(
    ("amount", "action", "expected"),
    [
        ("99000", "0", "32878a307fd81e43988d47d9fbfdd553"),
        ("99000", "1", "671376d9ddc0512f0bb472e0ec01bfd8"),
        ("99000.00", "0", "c0d01e7c14974021f64b8e33655aa5a6"),
        ("99000.00", "1", "74507b7f3d3ecc1d0943a9adda646d18"),
        ("99000.0", "0", "6b60c9ac2e3e5a72a28547c54f945502"),
        ("99000.0", "1", "28fed1432fc9b56bf16577fdefb3c51c"),
    ],
)
def test_golden_signatures(amount: str, action: str, expected: str) -> None:
    """The prepare id is in the form of each, and in the signature of Complete alone."""
    assert expected_sign({**GOLDEN, "amount": amount, "action": action}, GOLDEN_KEYS.secret_key) == expected


@pytest.mark.parametrize("amount", ["99000", "99000.0", "99000.00"])
def test_an_amount_is_compared_as_money_and_signed_as_it_was_written(amount: str) -> None:
    call = read_call(signed(ClickAction.COMPLETE, amount=amount), ClickAction.COMPLETE, GOLDEN_KEYS)
    assert call == ClickCall(85_335, 2_000_000_001, 3_000_000_001, ORDER, 9_900_000, 0, 42)
    rewritten = {**signed(ClickAction.COMPLETE, amount=amount), "amount": "99000.000"[: len(amount) + 1] or amount}
    assert code_of(rewritten, ClickAction.COMPLETE) in {ClickCode.SIGN_CHECK_FAILED, ClickCode.BAD_REQUEST}


@pytest.mark.parametrize("amount", ["99000.005", "0099000", "9.9e4", "-99000", "+99000", " 99000", "99 000", "", ".5",
                                    "99000.", "NaN", "٩٩٠٠٠", "9" * 13])  # fmt: skip
def test_another_amount_is_no_amount(amount: str) -> None:
    assert code_of(signed(ClickAction.PREPARE, amount=amount)) is ClickCode.BAD_REQUEST


@pytest.mark.parametrize(
    ("amount", "minor"), [("0.01", 1), ("0.1", 10), ("12.34", 1_234), ("999999999999.99", 99_999_999_999_999)]
)
def test_tiyin_are_whole(amount: str, minor: int) -> None:
    call = read_call(signed(ClickAction.PREPARE, amount=amount), ClickAction.PREPARE, GOLDEN_KEYS)
    assert isinstance(call, ClickCall)
    assert call.amount_minor == minor


@pytest.mark.parametrize("name", ["click_trans_id", "service_id", "click_paydoc_id", "merchant_trans_id", "amount",
                                  "action", "error", "sign_time", "sign_string", "merchant_prepare_id"])  # fmt: skip
def test_what_is_missing_is_an_error_of_click(name: str) -> None:
    fields = signed(ClickAction.COMPLETE)
    del fields[name]
    assert code_of(fields, ClickAction.COMPLETE) is ClickCode.BAD_REQUEST


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("click_trans_id", "0"),
        ("click_trans_id", "02"),
        ("click_trans_id", "9" * 19),
        ("click_trans_id", "1" * 5_000),
        ("click_trans_id", f"1{NUL}"),
        ("click_paydoc_id", "-1"),
        ("service_id", "085335"),
        ("action", ""),
        ("action", "x"),
        ("error", "00"),
        ("error", "1e1"),
        ("sign_time", "2026-11-22T10:00:00"),
        ("sign_time", "2026-11-22 10:00:00\n"),
        ("sign_time", "2026-11-22 10:00:00extended"),
        ("merchant_prepare_id", "042"),
        ("merchant_prepare_id", "-42"),
        ("merchant_prepare_id", ""),
    ],
)
def test_what_has_another_shape_is_an_error_of_click(name: str, value: str) -> None:
    assert code_of(signed(ClickAction.COMPLETE, **{name: value}), ClickAction.COMPLETE) is ClickCode.BAD_REQUEST


@pytest.mark.parametrize("sign", ["", "0" * 32, "подпись", "\ud800", "x" * 900])
def test_a_wrong_signature_is_refused_whatever_it_is_made_of(sign: str) -> None:
    assert code_of({**signed(ClickAction.PREPARE), "sign_string": sign}) is ClickCode.SIGN_CHECK_FAILED


def test_a_signature_in_capitals_is_the_same() -> None:
    fields = signed(ClickAction.PREPARE)
    assert code_of({**fields, "sign_string": fields["sign_string"].upper()}) is ClickCode.SUCCESS


def test_the_order_of_checks_is_that_of_clicks_own_library() -> None:
    wrong = {"service_id": "85336", "action": "7", "merchant_trans_id": "nobody"}
    fields = signed(ClickAction.PREPARE, **wrong)
    assert code_of({**fields, "amount": "x", "sign_string": ""}) is ClickCode.BAD_REQUEST
    assert code_of({**fields, "sign_string": ""}) is ClickCode.SIGN_CHECK_FAILED
    assert code_of(fields) is ClickCode.BAD_REQUEST
    del wrong["service_id"]
    assert code_of(signed(ClickAction.PREPARE, **wrong)) is ClickCode.ACTION_NOT_FOUND
    del wrong["action"]
    assert code_of(signed(ClickAction.PREPARE, **wrong)) is ClickCode.ORDER_UNKNOWN
    assert code_of(signed(ClickAction.PREPARE), ClickAction.COMPLETE) is ClickCode.ACTION_NOT_FOUND
    assert code_of(signed(ClickAction.COMPLETE), ClickAction.PREPARE) is ClickCode.ACTION_NOT_FOUND


def test_a_prepare_id_in_prepare_is_not_signed() -> None:
    fields = signed(ClickAction.PREPARE)
    assert code_of({**fields, "merchant_prepare_id": "anything"}) is ClickCode.SUCCESS


_SIGNED = ("click_trans_id", "service_id", "merchant_trans_id", "merchant_prepare_id", "amount", "action", "sign_time")


def splits(fields: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same signed text cut elsewhere, one boundary at a time, by up to ten characters either way."""
    for first, second in pairwise(_SIGNED):
        if (first, second) == ("service_id", "merchant_trans_id"):
            continue  # the secret stands between them
        whole, cut = fields[first] + fields[second], len(fields[first])
        for moved in range(-10, 11):
            if moved and 0 <= cut + moved <= len(whole):
                yield {**fields, first: whole[: cut + moved], second: whole[cut + moved :]}


@given(
    trans_id=st.integers(1, 2**63 - 1),
    prepare_id=st.integers(1, 2**31 - 1),
    soums=st.integers(1, 999_999_999_999),
    decimals=st.sampled_from(["", ".0", ".00", ".5", ".50", ".05"]),
    order=st.from_regex(r"mnt[a-z2-7]{13}", fullmatch=True),
    action=st.sampled_from(ClickAction),
)
def test_no_boundary_can_be_shifted(
    trans_id: int, prepare_id: int, soums: int, decimals: str, order: str, action: ClickAction
) -> None:
    """One right signature is right for other cuts of the same text. None of them is another payment to us: what still
    has a shape names the same order and the same click_trans_id, and another prepare id only with another amount.
    """
    fields = signed(
        action,
        click_trans_id=str(trans_id),
        merchant_prepare_id=str(prepare_id),
        amount=f"{soums}{decimals}",
        merchant_trans_id=order,
    )
    right = read_call(fields, action, GOLDEN_KEYS)
    assert isinstance(right, ClickCall)
    for shifted in splits(fields):
        if action is ClickAction.COMPLETE:
            assert expected_sign(shifted, GOLDEN_KEYS.secret_key) == fields["sign_string"] or shifted["action"] != "1"
        for asked in ClickAction:
            read = read_call(shifted, asked, GOLDEN_KEYS)
            if isinstance(read, ClickCall):
                assert asked is action
                assert (read.order_public_id, read.click_trans_id) == (right.order_public_id, right.click_trans_id)
                if action is ClickAction.COMPLETE:
                    assert (read.prepare_id == right.prepare_id) == (read.amount_minor == right.amount_minor)
                else:
                    assert read.amount_minor == right.amount_minor


@given(st.data())
def test_any_cut_into_seven_is_the_right_one_or_another_amount(data: st.DataObject) -> None:
    """All boundaries moved at once."""
    fields = signed(ClickAction.COMPLETE)
    before = fields["click_trans_id"] + fields["service_id"]
    after = "".join(fields[name] for name in _SIGNED[2:])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(after)), min_size=4, max_size=4)))
    edges = (0, *cuts, len(after))
    pieces = dict(zip(_SIGNED[2:], (after[a:b] for a, b in pairwise(edges)), strict=True))
    cut = data.draw(st.integers(0, len(before)))
    shifted = {**fields, "click_trans_id": before[:cut], "service_id": before[cut:], **pieces}
    read = read_call(shifted, ClickAction.COMPLETE, GOLDEN_KEYS)
    if isinstance(read, ClickCall) and shifted != fields:
        assert read.order_public_id == ORDER
        assert read.amount_minor != 9_900_000


def test_a_form_a_json_body_and_a_query_say_the_same() -> None:
    fields = signed(ClickAction.COMPLETE)
    form = urlencode(fields).encode()
    assert read_fields("POST", b"", form) == read_fields("GET", form, b"") == fields
    assert read_fields("POST", b"", json.dumps(fields).encode()) == fields


def test_numbers_of_json_are_kept_as_they_were_written() -> None:
    body = b'{"amount": 99000.00, "click_trans_id": 9007199254740993, "error": -0, "error_note": null}'
    expected = {"amount": "99000.00", "click_trans_id": "9007199254740993", "error": "-0", "error_note": ""}
    assert read_fields("POST", b"", body) == expected


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("POST", "", "amount=1&amount=1"),
        ("GET", "amount=1&amount=2", ""),
        ("POST", "amount=1", "amount=1"),
        ("POST", "", '{"amount": 1, "amount": 2}'),
        ("POST", "amount=1", '{"amount": 1}'),
        ("POST", "", '{"amount": [1]}'),
        ("POST", "", '{"amount": NaN}'),
        ("POST", "", '{"amount": true}'),
        ("POST", "", '{"amount": 1'),
        ("POST", "", "{" * 5_000),
        ("POST", "", "amount=%ff"),
        ("POST", "", '{"amount": "\ufffd"}'),
        ("POST", "", "a=1&" * 60),
        ("POST", "", "amount=" + "1" * 2_000),
        ("PUT", "", "amount=1"),
        ("DELETE", "amount=1", ""),
        ("HEAD", "amount=1", ""),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(method: str, query: str, body: str) -> None:
    assert read_fields(method, query.encode(), body.encode()) is None


def test_a_plus_is_a_space_and_an_empty_note_is_there() -> None:
    fields = read_fields("GET", b"sign_time=2026-11-22+10:00:00&error_note=&utm=1&utm=2", b"ignored=1")
    assert fields == {"sign_time": "2026-11-22 10:00:00", "error_note": ""}


def test_an_answer_says_numbers_as_numbers() -> None:
    fields = signed(ClickAction.PREPARE, click_trans_id=str(2**63 - 1))
    assert answer(fields, ClickAction.PREPARE, ClickOutcome(ClickCode.SUCCESS, 7)) == {
        "click_trans_id": 2**63 - 1,
        "merchant_trans_id": ORDER,
        "merchant_prepare_id": 7,
        "error": 0,
        "error_note": "Success",
    }
    assert answer(fields, ClickAction.COMPLETE, ClickOutcome(ClickCode.CANCELLED)) == {
        "click_trans_id": 2**63 - 1,
        "merchant_trans_id": ORDER,
        "merchant_confirm_id": None,
        "error": -9,
        "error_note": "Transaction cancelled",
    }
    assert set(NOTES) == set(ClickCode)


def test_an_answer_to_rubbish_can_be_written() -> None:
    fields = {"click_trans_id": "x", "merchant_trans_id": "\ud800"}
    said = answer(fields, ClickAction.PREPARE, ClickOutcome(ClickCode.BAD_REQUEST))
    assert json.loads(json.dumps(said)) == {
        "merchant_trans_id": "?",
        "error": -8,
        "error_note": NOTES[ClickCode.BAD_REQUEST],
    }
    assert answer(None, ClickAction.PREPARE, ClickOutcome(ClickCode.BAD_REQUEST)) == {
        "error": -8,
        "error_note": NOTES[ClickCode.BAD_REQUEST],
    }


def test_an_order_is_named_where_it_could_be_ours() -> None:
    assert order_named({"merchant_trans_id": ORDER}) == ORDER
    assert order_named({"merchant_trans_id": ORDER + "x"}) is None
    assert order_named(None) is None
