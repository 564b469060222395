"""Click's SHOP-API as it comes over HTTP: fields as they were received, their signature, and the answer.

https://docs.click.uz: a POST of a form (a JSON body and a GET with a query are understood too), answered by JSON. The
signature is an MD5 over values without separators, so every value has one shape only, and none that could be moved into
its neighbour (`boundary shift`): no leading zeros, an order id of fixed length, one digit of action, a moment of 19
characters; prepare id and amount are then held against what is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from mentorium_core.billing.click_rules import ClickAction, ClickCall, ClickCode, ClickOutcome

NOTES: Final[Mapping[ClickCode, str]] = {
    ClickCode.SUCCESS: "Success",
    ClickCode.SIGN_CHECK_FAILED: "SIGN CHECK FAILED!",
    ClickCode.INCORRECT_AMOUNT: "Incorrect parameter amount",
    ClickCode.ACTION_NOT_FOUND: "Action not found",
    ClickCode.ALREADY_PAID: "Already paid",
    ClickCode.ORDER_UNKNOWN: "User does not exist",
    ClickCode.TRANSACTION_UNKNOWN: "Transaction does not exist",
    ClickCode.FAILED_TO_UPDATE: "Failed to update user",
    ClickCode.BAD_REQUEST: "Error in request from click",
    ClickCode.CANCELLED: "Transaction cancelled",
}
_LARGEST: Final = 2**63 - 1
_MOST_FIELDS: Final = 50
_LONGEST_VALUE: Final = 1_000
_PREPARE_ID: Final = "merchant_prepare_id"
_NEEDED: Final = (
    "click_trans_id",
    "service_id",
    "click_paydoc_id",
    "merchant_trans_id",
    "amount",
    "action",
    "error",
    "sign_time",
    "sign_string",
)
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"
_NOTE: Final = "error_note"
"""Signed by nobody and read by nobody: however it comes, a payment is not refused for it."""
_ONCE: Final = frozenset({*_NEEDED, _PREPARE_ID})
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?")
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "click_trans_id": re.compile(r"[1-9][0-9]{0,18}"),
    "service_id": re.compile(r"[1-9][0-9]{0,18}"),
    "click_paydoc_id": re.compile(r"0|[1-9][0-9]{0,18}"),
    "amount": _AMOUNT,
    "action": re.compile(r"-?[0-9]{1,9}"),
    "error": re.compile(r"0|-?[1-9][0-9]{0,8}"),
    "sign_time": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
    _PREPARE_ID: re.compile(r"0|[1-9][0-9]{0,18}"),
}
_ORDER: Final = re.compile(r"mnt[a-z2-7]{13}")

Fields = Mapping[str, str]
"""By name; every value as it was received, decoded and not converted."""


@dataclass(frozen=True, slots=True)
class ClickKeys:
    """Of our service at Click. `old_key`: the one before, while it is being changed."""

    service_id: int
    secret_key: str = field(repr=False)
    old_key: str | None = field(default=None, repr=False)

    @property
    def all(self) -> tuple[str, ...]:
        return (self.secret_key, self.old_key) if self.old_key else (self.secret_key,)


@dataclass(frozen=True, slots=True)
class ClickRefusal:
    """Why nothing is asked of the database."""

    code: ClickCode


def read_fields(method: str, query: bytes, body: bytes) -> Fields | None:
    """What a GET says in its query, or a POST in its body: a form, or JSON. None for what Click would never send.

    So a known name that comes twice, or in query and body both, is refused: which one was signed cannot be told.
    """
    in_query = _pairs_of_form(query)
    if method == "GET":
        return _once_each(in_query)
    if method != "POST" or in_query is None:
        return None
    in_body = _pairs_of_json(body) if body.lstrip().startswith(b"{") else _pairs_of_form(body)
    if in_body is None or {name for name, _ in in_query} & _ONCE & {name for name, _ in in_body}:
        return None
    return _once_each(in_body)


def read_call(fields: Fields | None, action: ClickAction, keys: ClickKeys) -> ClickCall | ClickRefusal:
    """What is asked, its signature checked; or why it is refused before anybody looks for the order.

    In the order of Click's own library: shape, signature, service, action.
    """
    if fields is None or not _has_shape(fields):
        return ClickRefusal(ClickCode.BAD_REQUEST)
    signed = _bytes(fields["sign_string"].lower())
    matches = [hmac.compare_digest(expected_sign(fields, key).encode(), signed) for key in keys.all]
    if not any(matches):
        return ClickRefusal(ClickCode.SIGN_CHECK_FAILED)
    if fields["service_id"] != str(keys.service_id):
        return ClickRefusal(ClickCode.BAD_REQUEST)
    if fields["action"] != str(action.value):
        return ClickRefusal(ClickCode.ACTION_NOT_FOUND)
    if _ORDER.fullmatch(fields["merchant_trans_id"]) is None:
        return ClickRefusal(ClickCode.ORDER_UNKNOWN)
    return ClickCall(
        service_id=keys.service_id,
        click_trans_id=int(fields["click_trans_id"]),
        click_paydoc_id=int(fields["click_paydoc_id"]),
        order_public_id=fields["merchant_trans_id"],
        amount_minor=_tiyin(fields["amount"]),
        error=int(fields["error"]),
        prepare_id=int(fields[_PREPARE_ID]) if action is ClickAction.COMPLETE else None,
    )


def expected_sign(fields: Fields, key: str) -> str:
    """The MD5 that Click makes of these values: the prepare id is in it where the action is Complete."""
    parts = (
        fields["click_trans_id"],
        fields["service_id"],
        key,
        fields["merchant_trans_id"],
        fields[_PREPARE_ID] if _completes(fields) else "",
        fields["amount"],
        fields["action"],
        fields["sign_time"],
    )
    return hashlib.md5(_bytes("".join(parts)), usedforsecurity=False).hexdigest()  # the protocol's, no choice of ours


def answer(fields: Fields | None, action: ClickAction, outcome: ClickOutcome) -> dict[str, object]:
    """What Click reads: numbers as numbers, its own ids said again where they can be."""
    said: dict[str, object] = {}
    known = fields or {}
    if _is_id(known.get("click_trans_id", "")):
        said["click_trans_id"] = int(known["click_trans_id"])
    if "merchant_trans_id" in known:
        said["merchant_trans_id"] = known["merchant_trans_id"].encode("utf-8", "replace").decode()
    if action is ClickAction.COMPLETE:
        said["merchant_confirm_id"] = outcome.attempt_id
    elif outcome.attempt_id is not None:
        said[_PREPARE_ID] = outcome.attempt_id
    return {**said, "error": int(outcome.code), "error_note": NOTES[outcome.code]}


def order_named(fields: Fields | None) -> str | None:
    """The public id of the order that a call names, where it could be one of ours."""
    named = (fields or {}).get("merchant_trans_id", "")
    return named if _ORDER.fullmatch(named) else None


def _has_shape(fields: Fields) -> bool:
    needed = (*_NEEDED, _PREPARE_ID) if _completes(fields) else _NEEDED
    if any(name not in fields for name in needed):
        return False
    shaped = (name for name in needed if name in _SHAPES)
    if any(_SHAPES[name].fullmatch(fields[name]) is None for name in shaped):
        return False
    ids = ("click_trans_id", "service_id", "click_paydoc_id")
    return all(int(fields[name]) <= _LARGEST for name in ids)


def _completes(fields: Fields) -> bool:
    return fields.get("action") == str(ClickAction.COMPLETE.value)


def _is_id(text: str) -> bool:
    return _SHAPES["click_trans_id"].fullmatch(text) is not None and int(text) <= _LARGEST


def _bytes(text: str) -> bytes:
    """JSON can say half a character, which no UTF-8 holds."""
    return text.encode("utf-8", "surrogatepass")


def _tiyin(amount: str) -> int:
    """Of soums with at most two decimals, without a float in between. ValueError for any other text."""
    found = _AMOUNT.fullmatch(amount)
    if found is None:
        raise ValueError("not an amount")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _once_each(pairs: Sequence[tuple[str, str]] | None) -> Fields | None:
    if pairs is None:
        return None
    known = [(name, value) for name, value in pairs if name in _ONCE]
    fields = dict(known)
    if len(fields) != len(known) or any(len(value) > _LONGEST_VALUE for value in fields.values()):
        return None
    return fields | {name: value[:_LONGEST_VALUE] for name, value in pairs if name == _NOTE}


def _pairs_of_form(form: bytes) -> Sequence[tuple[str, str]] | None:
    """What is no UTF-8 is read as its mark of replacement, which no value but a note's may hold."""
    try:
        pairs = parse_qsl(
            form.decode("utf-8", "replace").strip("\r\n"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        return None
    return pairs if all(_REPLACED not in value for name, value in pairs if name in _ONCE) else None


def _pairs_of_json(body: bytes) -> Sequence[tuple[str, str]] | None:
    """The pairs of one flat object; a number is kept as it was written."""
    try:
        pairs = json.loads(
            body.decode("utf-8", "replace"),
            object_pairs_hook=list,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        return None
    found = []
    for name, value in pairs:
        text = "" if value is None or (name == _NOTE and not isinstance(value, str)) else value
        if not isinstance(text, str) or (name in _ONCE and _REPLACED in text):
            return None
        found.append((name, text))
    return found


def _refuse(_: str) -> object:
    """NaN and Infinity are no JSON."""
    raise ValueError
