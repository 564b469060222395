"""Rules of one-time codes (OTP) sent by e-mail: pure functions.

The limits follow NIST SP 800-63B 3.2.2 (throttling): six digits, few tries, a short life, and a lock that makes
guessing hopeless: ten failures a day leave one chance in a hundred thousand.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from email_validator import EmailNotValidError, validate_email

from mentorium_core.identity.model import EmailCodeRefusal, EmailRefusal, EmailRefusedError, InvitationLimitError

CODE_LIFE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
BETWEEN_CODES: Final = timedelta(seconds=60)
CODES_AN_HOUR: Final = 3
CODES_A_DAY: Final = 5
MAILS_A_DAY: Final = 10
"""To one address, whoever asks. The last of them are kept for those who are more likely its owner: `mails_open_to`."""
_FIRST_MAILS_A_DAY: Final = 8
_REPEATED_MAILS_A_DAY: Final = 5
INVITATIONS_OPEN: Final = 5
INVITATIONS_A_DAY: Final = 10
FAILURES_A_DAY: Final = 10
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
INVITATION_LIFE: Final = timedelta(days=1)
_CODE: Final = re.compile(r"\d{6}", re.ASCII)
_DIGITS: Final = 6
_FEWEST_DIGITS, _MOST_DIGITS = 4, 9
_GAPS: Final = " \t\n\u00a0-\u2010\u2011\u2012\u2013\u2014"
_MOST_GAPS: Final = 3
_HALVES: Final = re.compile(r"(?<![\d.,/_])(\d{3})[.,/_:·](\d{3})(?![.,/_]?\d)")
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me"})
"""Categories of zero-width characters, direction marks, and the frames that make a digit an emoji."""
_AROUND_AN_ADDRESS: Final = "<>()[]{},;:.!?\"'«»“”*`/\\~"
_BESIDE_AN_ADDRESS: Final = str.maketrans("—–|", "   ")
_BEFORE_AN_ADDRESS: Final = str.maketrans("=", ":")
_SPOKEN_AT_SIGNS: Final = ("(at)", "[at]", "{at}", "(a)", "[a]", " at ", " собака ", " собачка ", " kuchukcha ")
_MOST_WORDS: Final = 2
_MOST_WORDS_AROUND_A_SPOKEN_AT: Final = 5
_MOST_AT_SIGNS: Final = 5


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


def find_code(text: str) -> str | None:
    """The six digits within a text, whatever stands around them; None where there are none, or several.

    Those of an address are none of a code.
    """
    seen = _without_unseen(text)
    lines = [" ".join(word for word in line.split(" ") if "@" not in word) for line in seen.split("\n")]
    whole = "\n".join(lines)
    return next((codes.pop() for codes in _readings(whole, lines) if len(codes) == 1), None) or normalise_code(seen)


def _readings(whole: str, lines: Sequence[str]) -> Iterator[set[str]]:
    """The codes in a text, read ever more leniently. Where there are several of them no further reading is tried."""
    unbroken = _codes_in(_digit_groups(whole, most_gaps=0))
    yield unbroken
    if unbroken:
        return
    for groups in (
        _digit_groups(whole, most_gaps=_MOST_GAPS),
        [group for line in lines for group in _digit_groups(line, most_gaps=_MOST_GAPS)],
        ["".join(halves) for halves in _HALVES.findall(whole)],
    ):
        yield (codes := _codes_in(groups))
        if codes:
            return


def _codes_in(groups: Sequence[str]) -> set[str]:
    return {group for group in groups if len(group) == _DIGITS}


def _without_unseen(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in _UNSEEN)


def is_meant_as_code(text: str) -> bool:
    """Whether a text has a code in it, or about as many digits in a row: one too few, or two codes."""
    if find_code(text) is not None:
        return True
    return any(_FEWEST_DIGITS <= len(group) <= _MOST_DIGITS for group in _digit_groups(text, most_gaps=_MOST_GAPS))


def is_only_digits(text: str) -> bool:
    """Nothing but digits and gaps between them."""
    return all(character.isdecimal() or character in _GAPS for character in text)


def _digit_groups(text: str, *, most_gaps: int) -> list[str]:
    """Digits, of whichever script, in a row, with at most so many blanks and dashes between two of them."""
    groups: list[str] = []
    gaps = most_gaps + 1  # before the first digit
    for character in text:
        if character.isdecimal():
            digit = str(int(character))
            if groups and gaps <= most_gaps:
                groups[-1] += digit
            else:
                groups.append(digit)
            gaps = 0
        else:
            gaps = gaps + 1 if character in _GAPS else most_gaps + 1
    return groups


def find_address(text: str) -> str | None:
    """The first address in a text, or what is most like one; None where there is no @.

    Blanks around the @ are taken out, what clients put around an address, and what cannot be seen.
    """
    seen = unicodedata.normalize("NFKC", _without_unseen(text)).translate(_BESIDE_AN_ADDRESS)
    pieces = seen.split("@", _MOST_AT_SIGNS)
    candidates = [
        f"{_last_word(before)}@{''.join(behind.split()[:1])}".strip(_AROUND_AN_ADDRESS)
        for before, behind in pairwise(pieces)
    ]
    good = (candidate for candidate in candidates if normalise_email(candidate) is not None)
    return next(good, candidates[0] if candidates else None)


def _last_word(text: str) -> str:
    """What stands before the @, without a name that is put before it: `mail:`, `e-mail=`."""
    return "".join(text.split()[-1:]).translate(_BEFORE_AN_ADDRESS).rpartition(":")[2]


def is_meant_as_address(text: str) -> bool:
    """Whether somebody wrote an address and left out its @, or wrote it in words: few words, one with a dot inside."""
    written = f" {text.lower()} "
    for spoken in _SPOKEN_AT_SIGNS:
        written = written.replace(spoken, " ")
    spoken_of = len(written) < len(text) + 2
    words = [word.strip(_AROUND_AN_ADDRESS) for word in written.split()]
    most = _MOST_WORDS_AROUND_A_SPOKEN_AT if spoken_of else _MOST_WORDS
    return 0 < len(words) <= most and any(_is_dotted(word) for word in words)


def _is_dotted(word: str) -> bool:
    parts = word.split(".")
    return word.isascii() and len(parts) > 1 and all(part.replace("-", "").replace("_", "").isalnum() for part in parts)


def derive_code(secret: bytes, telegram_id: int, address: str, asked_at: datetime) -> str:
    """The six digits of one request. They are made again when they are mailed, and stored nowhere."""
    request = f"code|{telegram_id}|{address}|{asked_at.astimezone(UTC).isoformat()}"
    digest = hmac.digest(secret, request.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**6:06d}"


@dataclass(frozen=True, slots=True)
class CodeRequests:
    """When codes were asked for within the last day, oldest first; `of_both`: for this address by this account.

    `failures`: when this account typed a wrong one. `linked`: this account has come in by this address before.
    """

    of_account: Sequence[datetime] = ()
    of_address: Sequence[datetime] = ()
    of_both: Sequence[datetime] = ()
    failures: Sequence[datetime] = ()
    linked: bool = False


def mails_open_to(asked: CodeRequests) -> int:
    """How many mails of a day this account may still see used before it is refused.

    Who asks again leaves room to who asks for the first time, and both to who has proved that the address is theirs:
    up to three strangers cannot lock its owner out, however often they ask.
    """
    if asked.linked:
        return MAILS_A_DAY
    return _REPEATED_MAILS_A_DAY if asked.of_both else _FIRST_MAILS_A_DAY


def check_request_limits(asked: CodeRequests, now: datetime) -> None:
    """Whether one more code may be made. EmailRefused tells when.

    The same for an address that is known to the platform and for one that is not.
    """
    failures, of_user = asked.failures, asked.of_account
    if len(failures) >= FAILURES_A_DAY:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, failures[-FAILURES_A_DAY] + DAY - now)
    if len(of_user) >= CODES_A_DAY:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, of_user[-CODES_A_DAY] + DAY - now)
    within_the_hour = [moment for moment in of_user if now - moment < HOUR]
    if len(within_the_hour) >= CODES_AN_HOUR:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, within_the_hour[-CODES_AN_HOUR] + HOUR - now)
    most = mails_open_to(asked)
    if len(asked.of_address) >= most:
        raise EmailRefusedError(EmailRefusal.TOO_MANY, asked.of_address[-most] + DAY - now)
    if of_user and now - of_user[-1] < BETWEEN_CODES:
        raise EmailRefusedError(EmailRefusal.TOO_SOON, of_user[-1] + BETWEEN_CODES - now)


def check_invitation_limits(open_now: int, made_today: int) -> None:
    """Whether one more adult may be invited. InvitationLimitError."""
    if open_now >= INVITATIONS_OPEN or made_today >= INVITATIONS_A_DAY:
        raise InvitationLimitError("too_many_invitations", open=open_now, today=made_today)


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
