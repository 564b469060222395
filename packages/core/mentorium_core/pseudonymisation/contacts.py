"""What leads to a person besides the name: e-mails, @names, phones and other long numbers, birth dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mentorium_kit import clock

_GAP: Final = r"[\s().\-/\u2010-\u2015]"
_SIX_MORE_DIGITS: Final = (_GAP + r"{0,3}\d") * 6
_STILL_MORE_DIGITS: Final = rf"(?:\d|{_GAP}(?=\d|{_GAP}\d|{_GAP}{_GAP}\d))*"
_MONTH: Final = (
    r"(?:янв|фев|мар|апр|ма[йяе]|июн|июл|авг|сен|окт|ноя|дек|"
    r"yan|fev|mart|apr|may|iyun|iyul|avg|sen|okt|noy|dek|jan|feb|mar|jun|jul|aug|sep|oct|nov|dec)\w{0,7}+\.?"
)
_YEAR: Final = r"(?:19|20)\d\d"
# No repetition within a repetition: what stands here is searched in any text that a parent writes. An address has at
# most 64 characters before its @ (RFC 5321), and these are not tried again with fewer.
_CONTACT: Final = re.compile(
    r"(?P<E>[^\s@<>()\[\],;]{1,64}+\s?@\s?[^\s@<>()\[\],;]+\.\w{2,})"
    r"|(?P<U>(?:https?://)?(?:t\.me|telegram\.me|instagram\.com|vk\.com|facebook\.com)/\S+|@\w{2,})"
    rf"|(?P<date>(?<![\d./])(?:{_YEAR}[./-][01]?\d[./-][0-3]?\d|[0-3]?\d[./-][01]?\d[./-]{_YEAR}|[0-3]?\d[./][01]?\d[./]\d\d)(?!\d|[./]\d)"
    rf"|\b{_YEAR}[- ]?(?:yil|йил)\w{{0,6}}\s[0-3]?\d[- ]?{_MONTH}"
    rf"|\b[0-3]?\d(?:st|nd|rd|th)?[- ]?(?:of )?{_MONTH}(?:,? {_YEAR})?\b"
    rf"|\b{_MONTH} [0-3]?\d(?:st|nd|rd|th)?\b(?:,? {_YEAR}\b)?)"
    rf"|(?P<N>\+?\d{_SIX_MORE_DIGITS}{_STILL_MORE_DIGITS})",
    re.IGNORECASE,
)
_LOCAL_PHONE: Final = re.compile(r"\d{3}[\s-]\d{2}[\s-]\d{2}")
_FULL_YEAR: Final = re.compile(_YEAR)
_BIRTH: Final = re.compile(
    r"рожд|родил|\bд\.р\b|\bдр\b|tu[gğ][ʻʼ'`]?il|туғил|тугил|\bborn\b|birth|\bdob\b|\bb-?day\b", re.IGNORECASE
)
_END_OF_CLAUSE: Final = re.compile(r"[;\n!?]|(?<![рr])\. ")
_BEFORE, _BEHIND = 40, 30
"""How far from a date, in characters, a word of birth makes it one of birth."""
_YOUNGEST: Final = 3
"""In years: nothing that is told of learning lies so far back, and no child learns here who is younger."""


@dataclass(frozen=True, slots=True)
class FoundContact:
    """`kind`: E e-mail, U user name or a link to one, N number, D birth date."""

    kind: str
    start: int
    end: int


def contacts_in(text: str) -> Iterator[FoundContact]:
    """In their order."""
    for match in _CONTACT.finditer(text):
        kind = str(match.lastgroup)
        if kind == "date":
            if _is_birth_date(match):
                yield FoundContact("D", *match.span())
        elif kind != "N" or _is_identifier(match[0]):
            yield FoundContact(kind, *match.span())


def _is_birth_date(match: re.Match[str]) -> bool:
    year = _FULL_YEAR.search(match[0])
    if year is not None and int(year[0]) <= clock.today().year - _YOUNGEST:
        return True
    before = _END_OF_CLAUSE.split(match.string[max(match.start() - _BEFORE, 0) : match.start()])[-1]
    behind = _END_OF_CLAUSE.split(match.string[match.end() : match.end() + _BEHIND])[0]
    return _BIRTH.search(before) is not None or _BIRTH.search(behind) is not None


def _is_identifier(found: str) -> bool:
    """A phone or another number of somebody; amounts and short rows of marks are none."""
    digits = sum(character.isdigit() for character in found)
    if digits >= 9 or found.startswith("+"):
        return True
    return not re.search(r"\s", found) or _LOCAL_PHONE.fullmatch(found) is not None
