"""The JSON-RPC of PayMe's Merchant API: authorisation, the envelope, and its errors in three languages."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mentorium_core.billing.payme import PaymeRefusal
from mentorium_core.i18n import t
from mentorium_domain.enums import Language

NOT_POST, INVALID_JSON, INVALID_REQUEST, UNKNOWN_METHOD, INVALID_PARAMS = -32300, -32700, -32600, -32601, -32602
NOT_AUTHORISED, SYSTEM_ERROR, NO_RECEIPT = -32504, -32400, -32001
ACCOUNT_FIELD: Final = "order_id"
"""The one field of the account, as it is set up in the cashbox."""
_ACCOUNT_CODES: Final = range(-31099, -31049)
_LONGEST_ID: Final = 100

CODES: Final[Mapping[PaymeRefusal, int]] = {
    PaymeRefusal.ORDER_UNKNOWN: -31050,
    PaymeRefusal.ORDER_PAID: -31051,
    PaymeRefusal.ORDER_BUSY: -31052,
    PaymeRefusal.ORDER_CLOSED: -31053,
    PaymeRefusal.ORDER_ELSEWHERE: -31054,
    PaymeRefusal.WRONG_AMOUNT: -31001,
    PaymeRefusal.NO_TRANSACTION: -31003,
    PaymeRefusal.DELIVERED: -31007,
    PaymeRefusal.IMPOSSIBLE: -31008,
}
_TEXTS: Final = {
    NOT_POST: "payme-not-post",
    INVALID_JSON: "payme-invalid-json",
    INVALID_REQUEST: "payme-invalid-request",
    UNKNOWN_METHOD: "payme-unknown-method",
    INVALID_PARAMS: "payme-invalid-params",
    NOT_AUTHORISED: "payme-not-authorised",
    SYSTEM_ERROR: "payme-system-error",
    NO_RECEIPT: "payme-no-receipt",
}


@dataclass(frozen=True, slots=True)
class PaymeFault:
    """An error object of an answer: `data` names the field or method that is at fault."""

    code: int
    text_key: str
    data: str | None = None


@dataclass(frozen=True, slots=True)
class PaymeRequest:
    """`request_id`: to be said again in the answer, None where it cannot be."""

    request_id: int | str | None
    method: str
    params: Mapping[str, Any]


def fault(code: int, data: str | None = None) -> PaymeFault:
    """One of the protocol's own errors."""
    return PaymeFault(code, _TEXTS[code], data)


def refused(why: PaymeRefusal, code: int | None = None) -> PaymeFault:
    """A rule's no; `code` instead of the usual one. Whoever pays reads the text where the account is at fault."""
    code = CODES[why] if code is None else code
    key = f"payme-{why.replace('_', '-')}"
    return PaymeFault(code, key, ACCOUNT_FIELD if code in _ACCOUNT_CODES else None)


def is_authorised(header: str, login: str, keys: tuple[str, ...]) -> bool:
    """`Basic base64(login:key)` with one of these keys; compared in constant time."""
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        said = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    matches = [hmac.compare_digest(said, f"{login}:{key}".encode()) for key in keys if key]
    return any(matches)


def read_request(body: bytes) -> PaymeRequest | tuple[int | str | None, PaymeFault]:
    """What is asked; else the id, where it can be read, and what is wrong. `jsonrpc` is not sent, and not asked for."""
    try:
        text = body.decode("utf-8-sig")
        raw = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None, fault(INVALID_JSON)
    if not isinstance(raw, dict):
        return None, fault(INVALID_REQUEST)
    request_id = _echo(raw.get("id"))
    method, params = raw.get("method"), raw.get("params")
    if not isinstance(method, str) or not method:
        return request_id, fault(INVALID_REQUEST, "method")
    # what PostgreSQL does not keep can stand in JSON only as an escape
    if not isinstance(params, dict) or ("\\u" in text and not _is_storable(raw)):
        return request_id, fault(INVALID_REQUEST, "params")
    return PaymeRequest(request_id, method, params)


def envelope(request_id: int | str | None, answer: Mapping[str, Any] | PaymeFault) -> str:
    """The whole answer, as JSON: either `result` or `error`."""
    said: dict[str, Any] = {"jsonrpc": "2.0", "id": request_id}
    if isinstance(answer, PaymeFault):
        said["error"] = {"code": answer.code, "message": _message(answer.text_key), "data": answer.data}
    else:
        said["result"] = answer
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@cache
def _message(key: str) -> Mapping[str, str]:
    return {language.value: t(language, key) for language in Language}


def _echo(value: object) -> int | str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_ID and _is_storable(value):
        return value
    return None


def _is_storable(value: object) -> bool:
    """Whether PostgreSQL keeps it: no NUL, no half of a surrogate pair."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return "\\u0000" not in text


def _refuse(word: str) -> None:
    raise ValueError(word)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(digits)
    return value
