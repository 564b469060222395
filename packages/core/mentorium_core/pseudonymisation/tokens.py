"""Pseudonym tokens: no name, phone, e-mail or user name leaves the house, and the answer has them again.

Children are ⟦C1⟧, ⟦C2⟧, adults ⟦A1⟧; contacts that the parent wrote are ⟦E1⟧ (e-mail), ⟦U1⟧ (user name or
link to one), ⟦N1⟧ (phone or another long number) and ⟦D1⟧ (birth date); somebody whose name was known once is ⟦P1⟧.
What stands for what is kept in memory only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.pseudonymisation.contacts import contacts_in
from mentorium_core.pseudonymisation.former_names import FormerNames, stem_hashes
from mentorium_core.pseudonymisation.forms import (
    decline,
    forms_of,
    is_surname,
    is_uzbek_ending,
    without_endearment,
)
from mentorium_core.pseudonymisation.given_names import given_name_of
from mentorium_core.pseudonymisation.lookalikes import undisguised
from mentorium_core.pseudonymisation.pet_names import ALSO_WORDS, home_names, short_names
from mentorium_core.pseudonymisation.skeleton import SINGLE_LETTERS, WORD, skeleton, skeletons
from mentorium_core.pseudonymisation.words import NameCandidate, outside, parts_of, spelled_out, words_of

RULES_VERSION = "4"
"""Raised whenever `Tokens.hide` hides anything else than before: texts that were hidden by another are hidden anew."""
OPEN, CLOSE = "⟦", "⟧"

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COMBINING = re.compile(r"[\u0300-\u036f]")
_WHOLE_PHRASE = re.compile("([\u3300-\u3357\u33ae\u33af\ufdfa\ufdfb])")
"""One character that NFKC writes out in five to eighteen: as it stands, or a text would grow beyond any bound."""
_BETWEEN_NAMES = re.compile(r"[^\S\n]+|-?")
_CONTACT_TOKEN = re.compile(rf"{OPEN}([DEUNP])(\d+){CLOSE}")
_FORMER = "P"
_NO_NAMES = {"ogli", "ugli", "kizi", "gizi", "ogl", "kiz", "uli"}
_EVERYDAY = "kim kimga kimni kimning kimda kimdan kimlar kimi li an on ona ia maia ili ani emas emu mark marks"
_EVERYDAY_WORDS = frozenset(_EVERYDAY.split())
"""Short names that are also words: masked only where they are written with a capital letter."""
_WORDS_TOO = _EVERYDAY_WORDS | ALSO_WORDS
_LONGEST_GLUED = 60
_SHORTEST_GLUED = 3
_SHORTEST_SPELLED = 3
_LONGEST_SPELLED_ENDING = 8


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

    @property
    def words(self) -> frozenset[str]:
        """Of all their names."""
        return frozenset(word for person in self.people for word, _ in _name_words(person.name))


@dataclass(frozen=True, slots=True)
class _Hit:
    """One word of a name in a text: whose it may be, and what hangs on it."""

    start: int
    end: int
    tokens: frozenset[str]
    ending: str


_Find = Callable[[NameCandidate, str], _Hit | None]


class Tokens:
    """The tokens of one conversation: hides, and gives back what it has hidden."""

    def __init__(self, family: NamedPersons, former: FormerNames | None = None) -> None:
        """`former`: names once known, of persons who are none of the family any more."""
        self._names = {person.token: person.name for person in family.people}
        self._former = former
        self._contacts: dict[str, str] = {}
        self._token_of_contact: dict[str, str] = {}
        self._contact_count: Counter[str] = Counter()
        self._forms: dict[str, frozenset[str]] = {}
        self._home_names: dict[str, frozenset[str]] = {}
        self._stems: dict[str, frozenset[str]] = {}
        for person in family.people:
            for place, (word, bones) in enumerate(_name_words(person.name)):
                self._learn(person.token, word, bones, is_first=place == 0)
        self._longest_stem = max(map(len, self._stems), default=0)

    def hide(self, text: str) -> str:
        """The text, cleaned of invisible characters, with a token for each name and contact; line breaks stay."""
        clean = normalise(text).replace(OPEN, "").replace(CLOSE, "")
        return self._hide_names(self._hide_contacts(clean))

    def hide_family(self, text: str) -> str:
        """The same of the family's names alone: who is none of them, and a contact, stands as it stood."""
        clean = normalise(text)
        words = words_of(clean, OPEN)
        return self._with_tokens(clean, self._found_in(map(parts_of, words), self._family_hit))

    @property
    def version(self) -> str:
        """Whose names are hidden, and by which rules: what was hidden under the same version is hidden still."""
        names = "\0".join(f"{token}\0{name}" for token, name in self._names.items())
        if self._former is not None and self._former.hashes:
            names += "\0\0" + ",".join(sorted(self._former.hashes))
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

    def _learn(self, token: str, word: str, name: str, *, is_first: bool) -> None:
        _add(self._stems, (name,), token)
        _add(self._forms, forms_of(word), token)
        if is_surname(name) and not is_first:
            return
        _add(self._home_names, home_names(name), token)
        plain = {base for base in without_endearment(name) if given_name_of(base) == base}
        _add(self._stems, (short_names(name) - ALSO_WORDS) | plain, token)
        for base in plain:
            _add(self._forms, forms_of(base), token)

    def _hide_contacts(self, text: str) -> str:
        pieces, at = [], 0
        for found in contacts_in(text):
            token = self._contact_token(found.kind, text[found.start : found.end])
            pieces += [text[at : found.start], OPEN, token, CLOSE]
            at = found.end
        return "".join([*pieces, text[at:]])

    def _contact_token(self, kind: str, contact: str) -> str:
        known = self._token_of_contact.get(contact)
        if known is not None:
            return known
        self._contact_count[kind] += 1
        token = f"{kind}{self._contact_count[kind]}"
        self._contacts[token], self._token_of_contact[contact] = contact, token
        return token

    def _hide_names(self, text: str) -> str:
        return self._with_tokens(text, self._hits(text))

    def _with_tokens(self, text: str, hits: Sequence[_Hit]) -> str:
        pieces, at = [], 0
        for hit in _merged(hits, text):
            token = next((token for token in self._names if token in hit.tokens), None) or next(iter(hit.tokens))
            pieces += [text[at : hit.start], OPEN, token, CLOSE, hit.ending]
            at = hit.end
        return "".join([*pieces, text[at:]])

    def _hits(self, text: str) -> list[_Hit]:
        """In their order. A word is looked at whole, then without what follows an apostrophe, then piece by piece;
        then neighbours that may be one name together, and what only looks like a name; what is left may be somebody
        else's given name.
        """
        words = words_of(text, OPEN)
        hits = self._found_in(map(parts_of, words), self._hit)
        left = outside(words, [(hit.start, hit.end) for hit in hits])
        spelled = list(spelled_out(text, left, self._longest_stem + _LONGEST_SPELLED_ENDING))
        hits += self._found_in([spelled], self._spelled_hit)
        hits += self._found_in(undisguised(text, OPEN, sorted((hit.start, hit.end) for hit in hits)), self._hit)
        capitals = [word for word in outside(words, [(hit.start, hit.end) for hit in hits]) if not word[0].islower()]
        hits += self._found_in(map(parts_of, capitals), self._given_hit)
        return sorted(hits, key=lambda hit: hit.start)

    @staticmethod
    def _found_in(of_words: Iterable[Sequence[NameCandidate]], find: _Find) -> list[_Hit]:
        candidates = list(of_words)
        bones = iter(skeletons([part.written for parts in candidates for part in parts]))
        hits = []
        for parts in candidates:
            seen_to = 0
            for part, skeleton_of_part in [(part, next(bones)) for part in parts]:
                if part.start >= seen_to and (hit := find(part, skeleton_of_part)) is not None:
                    hits.append(hit)
                    seen_to = hit.end
        return hits

    def _hit(self, part: NameCandidate, bones: str) -> _Hit | None:
        """Of the family's names, and those known once."""
        if (found := self._family_hit(part, bones)) is not None:
            return found
        if self._former is None or (part.of_lower_case and bones in _WORDS_TOO):
            return None
        return self._of_others(part, bones, self._former.stem_of(bones))

    def _family_hit(self, part: NameCandidate, bones: str) -> _Hit | None:
        if part.of_lower_case and bones in _EVERYDAY_WORDS:
            return None
        found = self._owners(part, bones)
        return _Hit(part.start, part.end, *found) if found is not None else None

    def _given_hit(self, part: NameCandidate, bones: str) -> _Hit | None:
        return self._of_others(part, bones, given_name_of(bones)) if part.written[:1].isupper() else None

    def _of_others(self, part: NameCandidate, bones: str, stem: str | None) -> _Hit | None:
        if stem is None:
            return None
        ending = _ending_as_written(part.written, stem, bones) if stem != bones else ""
        named = part.written.removesuffix(ending)
        return _Hit(part.start, part.end, frozenset({self._contact_token(_FORMER, named)}), ending)

    def _spelled_hit(self, part: NameCandidate, bones: str) -> _Hit | None:
        """Of two words only what is a name as it stands: nearly any two may hold one somewhere."""
        if part.is_two_words:
            owners = self._stems.get(bones) or self._forms.get(bones)
            return _Hit(part.start, part.end, owners, "") if owners is not None else None
        return self._hit(part, bones) if len(bones) >= _SHORTEST_SPELLED else None

    def _owners(self, part: NameCandidate, bones: str) -> tuple[frozenset[str], str] | None:
        """Whose name it is, and the Uzbek ending that hangs on it."""
        if (owners := self._forms.get(bones)) is not None:
            return owners, ""
        if (owners := self._home_names.get(bones)) is not None and not (part.of_lower_case and bones in ALSO_WORDS):
            return owners, ""
        if (found := self._stem_and_ending(bones)) is not None:
            return found[0], _ending_as_written(part.written, found[1], bones)
        return self._glued(bones)

    def _stem_and_ending(self, bones: str) -> tuple[frozenset[str], str] | None:
        """Whose stem it begins with, and the stem, where the rest may hang on it."""
        for length in range(min(len(bones) - 1, self._longest_stem), 1, -1):
            stem = bones[:length]
            if stem in self._stems and is_uzbek_ending(stem, bones[length:]):
                return self._stems[stem], stem
        return None

    def _glued(self, bones: str) -> tuple[frozenset[str], str] | None:
        """Two words of one person's name without a space, endings included."""
        if len(bones) > _LONGEST_GLUED:
            return None
        for length in range(_SHORTEST_GLUED, len(bones) - _SHORTEST_GLUED + 1):
            owners = self._stems.get(bones[:length]) or self._forms.get(bones[:length])
            if owners is None:
                continue
            for begins in range(length - 1, len(bones) - _SHORTEST_GLUED + 1):
                between, rest = bones[length:begins], bones[begins:]
                if between and not is_uzbek_ending(bones[:length], between):
                    continue
                others = self._forms.get(rest) or (self._stem_and_ending(rest) or (frozenset[str](), ""))[0]
                if owners & others:
                    return owners & others, ""
        return None


def hiding_with(family: NamedPersons, key: bytes, hashes: Collection[str]) -> tuple[Tokens, frozenset[str]]:
    """The tokens of a conversation of this family, and the hashes of its names, to be kept with what is said.

    `hashes` are those kept so far, under this `key`: who is among them and not in the family any more stays hidden.
    """
    of_family = stem_hashes(key, family.words)
    return Tokens(family, FormerNames(key, set(hashes) - of_family)), of_family


def normalise(text: str) -> str:
    """The text in one Unicode form, apostrophes folded, without control, direction and zero-width characters."""
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    runs = _WHOLE_PHRASE.split(fold_apostrophes(visible))
    runs[::2] = [unicodedata.normalize("NFKC", run) for run in runs[::2]]
    return _COMBINING.sub("", "".join(runs))


@lru_cache(maxsize=4096)
def _name_words(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name with their skeletons."""
    words = WORD.findall(normalise(name))
    bones = skeletons(words)
    return tuple(
        (word, bone) for word, bone in zip(words, bones, strict=True) if len(bone) > 1 and bone not in _NO_NAMES
    )


def _add(owners: dict[str, frozenset[str]], forms: Iterable[str], token: str) -> None:
    added = dict.fromkeys(forms, frozenset((token,)))
    for form in added.keys() & owners.keys():
        added[form] |= owners[form]
    owners.update(added)


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


def _ending_as_written(word: str, stem: str, bones: str) -> str:
    """The letters that hang on the name: `ning` of Azizaning. `bones` is the skeleton of the whole word."""
    letters = [place for place, letter in enumerate(word, 1) if letter not in "ʻʼ'"]
    if len(letters) == len(bones) and SINGLE_LETTERS.issuperset(word):  # each letter is one of the skeleton's
        return word[letters[len(stem) - 1] :]
    return word[1 + bisect_left(range(1, len(word)), len(stem), key=lambda n: len(skeleton(word[:n]))) :]
