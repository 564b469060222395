"""Rules of one-time codes (OTP) sent by e-mail: pure functions.

The limits follow NIST SP 800-63B 3.2.2 (throttling): six digits, few tries, a short life, and a lock that makes
guessing hopeless: ten failures a day leave one chance in a hundred thousand.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from email_validator import EmailNotValidError, validate_email

from mentorium_core.identity.model import EmailCodeRefusal, EmailRefusal, EmailRefusedError

CODE_LIFE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
BETWEEN_CODES: Final = timedelta(seconds=60)
CODES_AN_HOUR: Final = 3
CODES_A_DAY: Final = 5
FAILURES_A_DAY: Final = 10
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
INVITATION_LIFE: Final = timedelta(days=1)
_CODE: Final = re.compile(r"\d{6}", re.ASCII)


def normalise_email(text: str) -> str | None:
    """The address in small letters, without what clients put around it; None if it is no address mail can go to.

    It is compared with the platform's as it stands, so an international domain (IDN) stays in the script it was typed
    in, composed (NFC, UTS 46): letters stay letters, `xn--` stays `xn--`. The part before the @ is ASCII.
    """
    typed = text.strip(" \t<>.,;\u00a0").lower().removeprefix("mailto:")
    try:
        # `test_environment` lets the top-level domain .test pass, which RFC 2606 keeps for trials such as a pilot's
        address = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        return None
    if "." not in address.domain:
        return None
    return address.ascii_email if typed.isascii() else address.normalized


def normalise_code(text: str) -> str | None:
    """The six digits, whatever digits and gaps they were typed with; None if they are not six."""
    digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
    gaps = "".join(letter for letter in text if not letter.isdecimal()).strip()
    return digits if _CODE.fullmatch(digits) and not gaps.strip(" -\u2010\u2011\u2013\u00a0") else None


def derive_code(secret: bytes, telegram_id: int, address: str, asked_at: datetime) -> str:
    """The six digits of one request. They are made again when they are mailed, and stored nowhere."""
    request = f"code|{telegram_id}|{address}|{asked_at.astimezone(UTC).isoformat()}"
    digest = hmac.digest(secret, request.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**6:06d}"


def check_request_limits(
    of_address: Sequence[datetime], of_user: Sequence[datetime], failures: Sequence[datetime], now: datetime
) -> None:
    """Whether one more code may be made. All moments are of the last day, oldest first. EmailRefused tells when.

    The same for an address that is known and for one that is not.
    """
    if len(failures) >= FAILURES_A_DAY:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, failures[-FAILURES_A_DAY] + DAY - now)
    if len(of_user) >= CODES_A_DAY:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, of_user[-CODES_A_DAY] + DAY - now)
    within_the_hour = [moment for moment in of_address if now - moment < HOUR]
    if len(within_the_hour) >= CODES_AN_HOUR:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, within_the_hour[-CODES_AN_HOUR] + HOUR - now)
    last = max([*of_address[-1:], *of_user[-1:]], default=None)
    if last is not None and now - last < BETWEEN_CODES:
        raise EmailRefusedError(EmailRefusal.TOO_SOON, last + BETWEEN_CODES - now)


def judge_attempt(
    *, tries: int, failures_today: int, expires_at: datetime, right: bool, now: datetime
) -> EmailCodeRefusal | None:
    """What becomes of one try, made after `tries` wrong ones of this code; None where it is right."""
    if tries >= MOST_TRIES or failures_today >= FAILURES_A_DAY:
        return EmailCodeRefusal.BURNED
    if now >= expires_at:
        return EmailCodeRefusal.EXPIRED
    if right:
        return None
    return EmailCodeRefusal.WRONG if tries + 1 < MOST_TRIES else EmailCodeRefusal.BURNED
