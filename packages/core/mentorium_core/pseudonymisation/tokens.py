"""Pseudonym tokens: no name, phone, e-mail or user name leaves the house, and the answer has them again.

Children are ⟦C1⟧, ⟦C2⟧, adults ⟦A1⟧; contacts that the parent wrote are ⟦E1⟧ (e-mail), ⟦U1⟧ (user name or
link to one) and ⟦N1⟧ (phone or another long number). What stands for what is kept in memory only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.pseudonymisation.forms import decline, forms_of, is_uzbek_ending
from mentorium_core.pseudonymisation.skeleton import SINGLE_LETTERS, WORD, skeleton, skeletons

RULES_VERSION = "1"
"""Raised whenever `Tokens.hide` hides anything else than before: texts that were hidden by another are hidden anew."""
OPEN, CLOSE = "⟦", "⟧"

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COMBINING = re.compile(r"[\u0300-\u036f]")
_WHOLE_PHRASE = re.compile("([\u3300-\u3357\u33ae\u33af\ufdfa\ufdfb])")
"""One character that NFKC writes out in five to eighteen: as it stands, or a text would grow beyond any bound."""
_GAP = r"[\s().\-/\u2010-\u2015]"
_SIX_MORE_DIGITS = (_GAP + r"{0,3}\d") * 6
_STILL_MORE_DIGITS = rf"(?:\d|{_GAP}(?=\d|{_GAP}\d|{_GAP}{_GAP}\d))*"
# No repetition within a repetition: what stands here is searched in any text that a parent writes. An address has at
# most 64 characters before its @ (RFC 5321), and these are not tried again with fewer.
_CONTACT = re.compile(
    r"(?P<E>[^\s@<>()\[\],;]{1,64}+\s?@\s?[^\s@<>()\[\],;]+\.\w{2,})"
    r"|(?P<U>(?:https?://)?(?:t\.me|telegram\.me|instagram\.com|vk\.com|facebook\.com)/\S+|@\w{2,})"
    r"|(?P<date>(?<![\d./])(?:(?:19|20)\d\d-[01]?\d-[0-3]?\d|[0-3]?\d[./-][01]?\d[./-](?:19|20)\d\d)(?!\d|[./]\d))"
    rf"|(?P<N>\+?\d{_SIX_MORE_DIGITS}{_STILL_MORE_DIGITS})",
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(r"\d{3}[\s-]\d{2}[\s-]\d{2}")
_APOSTROPHE = re.compile("[ʻʼ']")
_MOST_APOSTROPHES = 4
"""A name with its ending has no more; behind more of them a word is searched piece by piece only."""
_BETWEEN_NAMES = re.compile(r"[^\S\n]+|-")
_CONTACT_TOKEN = re.compile(rf"{OPEN}([EUN])(\d+){CLOSE}")
_NO_NAMES = {"ogli", "ugli", "kizi", "gizi", "ogl", "kiz", "uli"}
_EVERYDAY_WORDS = {
    "kim",
    "kimga",
    "kimni",
    "kimning",
    "kimda",
    "kimdan",
    "kimlar",
    "kimi",
    "li",
    "an",
    "on",
    "ona",
    "ia",
}
"""Short names that are also words: masked only where they are written with a capital letter."""


@dataclass(frozen=True, slots=True)
class Person:
    """`token` is bare: C1. The platform writes the first name first."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedPersons:
    """Everybody whose name must not leave the house, most likely meant first."""

    people: tuple[Person, ...]

    @classmethod
    def of(cls, children: Sequence[str], adults: Iterable[str] = ()) -> NamedPersons:
        """`children` and `adults` are full names; the n-th child is C<n>, the n-th adult A<n>."""
        return cls(
            tuple(Person(f"C{n}", name) for n, name in enumerate(children, 1) if name.strip())
            + tuple(Person(f"A{n}", name) for n, name in enumerate(adults, 1) if name.strip())
        )


@dataclass(frozen=True, slots=True)
class _Hit:
    """One word of a name in a text: whose it may be, and what hangs on it."""

    start: int
    end: int
    tokens: frozenset[str]
    ending: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A word of a text, or a part of it, as it may be a name."""

    start: int
    written: str
    of_lower_case: bool


class Tokens:
    """The tokens of one conversation: hides, and gives back what it has hidden."""

    def __init__(self, family: NamedPersons) -> None:
        self._names = {person.token: person.name for person in family.people}
        self._contacts: dict[str, str] = {}
        self._token_of_contact: dict[str, str] = {}
        self._contact_count: Counter[str] = Counter()
        self._forms: dict[str, frozenset[str]] = {}
        self._stems: dict[str, frozenset[str]] = {}
        for person in family.people:
            for word in _name_words(person.name):
                self._learn(person.token, word)
        self._longest_stem = max(map(len, self._stems), default=0)

    def hide(self, text: str) -> str:
        """The text, cleaned of invisible characters, with a token for each name and contact; line breaks stay."""
        clean = normalise(text).replace(OPEN, "").replace(CLOSE, "")
        return self._hide_names(_CONTACT.sub(self._contact, clean))

    @property
    def version(self) -> str:
        """Whose names are hidden, and by which rules: what was hidden under the same version is hidden still."""
        names = "\0".join(f"{token}\0{name}" for token, name in self._names.items())
        return f"{RULES_VERSION}:{hashlib.sha256(names.encode()).hexdigest()[:32]}"

    def contacts_in(self, hidden: str) -> dict[str, str]:
        """Bare token -> contact, of those that stand in a text hidden by these tokens."""
        found = {"".join(match.groups()) for match in _CONTACT_TOKEN.finditer(hidden)}
        return {token: self._contacts[token] for token in sorted(found & self._contacts.keys())}

    def adopt(self, hidden: str, contacts: Mapping[str, str]) -> str:
        """A text hidden earlier under the same version, its contacts called as they are in this conversation."""

        def renamed(match: re.Match[str]) -> str:
            contact = contacts.get(match[1] + match[2])
            return f"{OPEN}{self._contact_token(match[1], contact)}{CLOSE}" if contact is not None else match[0]

        return _CONTACT_TOKEN.sub(renamed, hidden)

    def value(self, token: str, case: str = "nom") -> str | None:
        """What the bare token stands for, a Cyrillic first name in the Russian case asked for; None if unknown."""
        name = self._names.get(token)
        return decline(name, case) if name is not None else self._contacts.get(token)

    def _learn(self, token: str, word: str) -> None:
        self._stems[skeleton(word)] = self._stems.get(skeleton(word), frozenset()) | {token}
        for form in forms_of(word):
            self._forms[form] = self._forms.get(form, frozenset()) | {token}

    def _contact(self, match: re.Match[str]) -> str:
        kind, found = str(match.lastgroup), match[0]
        if kind == "date" or (kind == "N" and not _is_identifier(found)):
            return found
        return f"{OPEN}{self._contact_token(kind, found)}{CLOSE}"

    def _contact_token(self, kind: str, contact: str) -> str:
        known = self._token_of_contact.get(contact)
        if known is not None:
            return known
        self._contact_count[kind] += 1
        token = f"{kind}{self._contact_count[kind]}"
        self._contacts[token], self._token_of_contact[contact] = contact, token
        return token

    def _hide_names(self, text: str) -> str:
        pieces, at = [], 0
        for hit in _merged(list(self._hits(text)), text):
            token = next(token for token in self._names if token in hit.tokens)
            pieces += [text[at : hit.start], OPEN, token, CLOSE, hit.ending]
            at = hit.end
        return "".join([*pieces, text[at:]])

    def _hits(self, text: str) -> Iterator[_Hit]:
        """In their order. A word is looked at whole, then without what follows an apostrophe, then piece by piece."""
        words = [word for word in WORD.finditer(text) if text[word.start() - 1 : word.start()] != OPEN]
        parts = [_parts(word) for word in words]
        bones = iter(skeletons([part.written for of_word in parts for part in of_word]))
        for of_word in parts:
            seen_to = 0
            for part, skeleton_of_part in [(part, next(bones)) for part in of_word]:
                if part.start >= seen_to and (hit := self._hit(part, skeleton_of_part)) is not None:
                    yield hit
                    seen_to = hit.end

    def _hit(self, part: _Part, bones: str) -> _Hit | None:
        if bones in _EVERYDAY_WORDS and part.of_lower_case:
            return None
        if (found := self._owners(part.written, bones)) is None:
            return None
        return _Hit(part.start, part.start + len(part.written), *found)

    def _owners(self, written: str, bones: str) -> tuple[frozenset[str], str] | None:
        """Whose name it is, and the Uzbek ending that hangs on it."""
        if bones in self._forms:
            return self._forms[bones], ""
        for length in range(min(len(bones) - 1, self._longest_stem), 1, -1):
            stem, ending = bones[:length], bones[length:]
            if stem in self._stems and is_uzbek_ending(stem, ending):
                return self._stems[stem], _ending_as_written(written, stem, bones)
        return None


def normalise(text: str) -> str:
    """The text in one Unicode form, apostrophes folded, without control, direction and zero-width characters."""
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    runs = _WHOLE_PHRASE.split(fold_apostrophes(visible))
    runs[::2] = [unicodedata.normalize("NFKC", run) for run in runs[::2]]
    return _COMBINING.sub("", "".join(runs))


def _name_words(name: str) -> Iterable[str]:
    for word in WORD.findall(normalise(name)):
        if len(skeleton(word)) > 1 and skeleton(word) not in _NO_NAMES:
            yield word


def _is_identifier(found: str) -> bool:
    """A phone or another number of somebody; amounts and short rows of marks are none."""
    digits = sum(character.isdigit() for character in found)
    if digits >= 9 or found.startswith("+"):
        return True
    return not re.search(r"\s", found) or _LOCAL_PHONE.fullmatch(found) is not None


def _merged(hits: Sequence[_Hit], text: str) -> list[_Hit]:
    """First name and surname of the same person, side by side, are one hit."""
    merged: list[_Hit] = []
    for hit in hits:
        last = merged[-1] if merged else None
        if last is not None and _BETWEEN_NAMES.fullmatch(text[last.end : hit.start]) and last.tokens & hit.tokens:
            merged[-1] = _Hit(last.start, hit.end, last.tokens & hit.tokens, hit.ending)
        else:
            merged.append(hit)
    return merged


def _parts(word: re.Match[str]) -> list[_Part]:
    """The whole word, what stands before each apostrophe (Aziza of Aziza's), longest first; then its pieces."""
    whole, lower = word[0], word[0].islower()
    cuts = [apostrophe.start() for apostrophe in _APOSTROPHE.finditer(whole)]
    parts = [whole, *(whole[:cut] for cut in reversed(cuts[:_MOST_APOSTROPHES]))]
    found = [_Part(word.start(), part, lower) for part in parts if part]
    for begins, ends in pairwise([-1, *cuts, len(whole)] if cuts else []):
        if piece := whole[begins + 1 : ends]:
            found.append(_Part(word.start() + begins + 1, piece, lower))
    return found


def _ending_as_written(word: str, stem: str, bones: str) -> str:
    """The letters that hang on the name: `ning` of Azizaning. `bones` is the skeleton of the whole word."""
    letters = [place for place, letter in enumerate(word, 1) if letter not in "ʻʼ'"]
    if len(letters) == len(bones) and SINGLE_LETTERS.issuperset(word):  # each letter is one of the skeleton's
        return word[letters[len(stem) - 1] :]
    return word[1 + bisect_left(range(1, len(word)), len(stem), key=lambda n: len(skeleton(word[:n]))) :]
