"""What the school's control calls take: each field is read strictly, and a mistake is a 400 that names the field."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.school.calendar import TASHKENT, local_day
from mentorium_sandbox.school.manual_enrollment import GuardianEntry

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCALES = ("uz", "ru", "en")
_LARGEST_SCORE = 999_999
_POINT = Decimal("0.01")
_LARGEST_ID = 2**63 - 1
_MOST_COURSES = 20
_LONGEST_EMAIL, LONGEST_TITLE, LONGEST_BODY = 254, 200, 4_000
# The school did not exist before; and what is far from the present day breaks calendars, not products.
_FIRST_DAY = date(2000, 1, 1)
_TOLERANCE = timedelta(seconds=1)


def only(body: RequestBody, *known: str) -> None:
    """Refuse a field that means nothing here: most likely it is misspelt."""
    unknown = sorted(set(body.fields) - set(known))
    if unknown:
        refuse(f"unknown field {unknown[0][:100]!r}; there are {', '.join(known)}")


def text(body: RequestBody, key: str, *, longest: int = LONGEST_TITLE) -> str:
    """A trimmed text of 1 to `longest` characters that must be there."""
    body.text(key)
    return optional_text(body, key, longest=longest) or ""


def optional_text(body: RequestBody, key: str, *, longest: int = LONGEST_TITLE) -> str | None:
    """A trimmed text of at most `longest` characters; blanks are no text."""
    value = body.optional_text(key)
    if value is None or not (value := value.strip()):
        return None
    if len(value) > longest:
        refuse(f"{key} has more than {longest} characters")
    if "\0" in value:
        refuse(f"{key} holds a zero character")
    return value


def identifier(body: RequestBody, key: str) -> int:
    """An id of the database: a positive bigint that must be there."""
    value = optional_identifier(body, key)
    if value is None:
        refuse(f"{key} is missing")
    return value


def optional_identifier(body: RequestBody, key: str) -> int | None:
    value = body.optional_integer(key)
    if value is not None and not 0 < value <= _LARGEST_ID:
        refuse(f"{key} is not a positive bigint")
    return value


def seed(body: RequestBody) -> int | None:
    value = body.optional_integer("seed")
    if value is not None and abs(value) > _LARGEST_ID:
        refuse("seed is not a bigint")
    return value


def choice(body: RequestBody, key: str, known: tuple[str, ...]) -> str:
    value = body.text(key)
    if value not in known:
        refuse(f"{key} is none of {', '.join(known)}")
    return value


def yes_or_no(body: RequestBody, key: str) -> bool:
    value = body.fields.get(key)
    if not isinstance(value, bool):
        refuse(f"{key} is not true or false")
    return value


def whole(body: RequestBody, key: str, lowest: int, highest: int) -> int:
    value = body.integer(key)
    if not lowest <= value <= highest:
        refuse(f"{key} is not from {lowest} to {highest}")
    return value


def points(body: RequestBody, key: str) -> Decimal:
    """Points of a test, kept to the hundredth."""
    value = body.fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(f"{key} is missing or not a number")
    if not 0 <= value <= _LARGEST_SCORE:
        refuse(f"{key} is not from 0 to {_LARGEST_SCORE}")
    return Decimal(str(value)).quantize(_POINT)


def moment(body: RequestBody, key: str, now: datetime) -> datetime | None:
    """An aware moment up to `now`, shown in Tashkent's time; None where there is none."""
    raw = body.optional_text(key)
    if raw is None:
        return None
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        refuse(f"{key} is not an ISO 8601 moment")
    if found.tzinfo is None:
        refuse(f"{key} has no offset")
    if found > now + _TOLERANCE:
        refuse(f"{key} is in the future")
    if found < datetime(_FIRST_DAY.year, 1, 1, tzinfo=UTC):
        refuse(f"{key} is before {_FIRST_DAY}")
    return found.astimezone(TASHKENT)


def day(body: RequestBody, key: str, now: datetime) -> date:
    """A calendar day in Tashkent up to today."""
    try:
        found = date.fromisoformat(body.text(key))
    except ValueError:
        refuse(f"{key} is not an ISO 8601 day")
    if found > local_day(now):
        refuse(f"{key} is in the future")
    if found < _FIRST_DAY:
        refuse(f"{key} is before {_FIRST_DAY}")
    return found


def guardian(body: RequestBody) -> GuardianEntry:
    described = body.fields.get("guardian")
    if not isinstance(described, dict):
        refuse("guardian is missing or not an object")
    entry = RequestBody(described)
    only(entry, "full_name", "email", "phone", "locale")
    email, phone = optional_text(entry, "email", longest=_LONGEST_EMAIL), optional_text(entry, "phone")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        refuse("guardian.email is not an e-mail address")
    if phone is not None and not _PHONE.fullmatch(phone := "+" + re.sub(r"[\s()+-]", "", phone)):
        refuse("guardian.phone is not a phone number with its country code")
    locale = choice(entry, "locale", _LOCALES) if entry.has("locale") else "uz"
    return GuardianEntry(text(entry, "full_name"), email.lower() if email else None, phone, locale)


def slugs(body: RequestBody) -> list[str]:
    courses = body.fields.get("courses")
    if courses is None:
        return []
    if not isinstance(courses, list) or not all(isinstance(slug, str) for slug in courses):
        refuse("courses is not a list of slugs")
    if len(courses) > _MOST_COURSES:
        refuse(f"courses are more than {_MOST_COURSES}")
    return [text(RequestBody({"courses": slug}), "courses") for slug in courses]
