"""The days that a sentence names: this week, October, 16–22 November, the week before, Wednesday; and dates alone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Final

from mentorium_core.guard.folding import title_key
from mentorium_core.guard.model import Fact, FactDays, Given
from mentorium_core.guard.scanning import Token

_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_PERIOD_DAYS: Final = 80
_TWELVE: Final = 12
_LAST_DAY: Final = 31
_SHORTEST_MONTH: Final = 28
_ALSO_VERBS: Final = frozenset({"may", "march"})
_JOINS: Final = frozenset({"-", "го", "th", "st", "nd", "rd", "of", "chi", "inchi"})
_DASHES: Final = frozenset({"–", "-", "—", "по", "to", "до", "and", "и", "va"})
_FEW: Final = 2
_CLOSE: Final = 8
"""Characters between two dates of one range."""
_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a sentence that name days: `first` to `last`, or what only `name` tells.

    `is_written`: with a month in it, not this week or yesterday.
    """

    start: int
    end: int
    name: str
    first: date | None = None
    last: date | None = None
    is_written: bool = False

    @property
    def is_before(self) -> bool:
        return self.name == "before"

    def fits(self, fact: Fact) -> bool:
        """Whether the fact is of these days; what is of no days fits all."""
        if self.is_before:
            return fact.is_before or fact.days is None
        if fact.day is not None and self.first is not None and self.first <= fact.day <= (self.last or self.first):
            return True
        if fact.day is not None and self.name == f"weekday_{fact.day.weekday()}":
            return True
        if fact.days is None:
            return True
        if fact.title is not None and self.first is not None and self.first == self.last:
            # the day of a test or work, of which `is_known_day` knows whether it is that title's
            return fact.days.first_day <= self.first <= fact.days.last_day
        return self._fits_days(fact.days)

    def _fits_days(self, days: FactDays) -> bool:
        if self.name == "twelve_weeks":
            return (days.last_day - days.first_day).days >= _LONG_PERIOD_DAYS
        if self.name.startswith("weekday_"):
            return days.first_day == days.last_day and days.first_day.weekday() == int(self.name[-1])
        if self.first is None or self.last is None:
            return True
        if self.name == "running":
            return days.first_day == self.first and days.last_day <= self.last
        return (days.first_day, days.last_day) == (self.first, self.last)


@dataclass(frozen=True, slots=True)
class DatedText:
    """`mentions` in their order; `taken` are the places of tokens of dates, `written` are dates and months."""

    mentions: tuple[Mention, ...]
    taken: frozenset[int]
    written: tuple[Mention, ...]


def find_periods(tokens: Sequence[Token], today: date) -> DatedText:
    """What the tokens say of days, seen from the Tashkent day `today`."""
    taken: set[int] = set()
    dates = list(_dates(tokens, today, taken))
    mentions = [*_ranges(dates), *_named(tokens, today, taken), *_weeks(tokens, taken)]
    ordered = sorted(mentions, key=lambda mention: mention.start)
    written = tuple(mention for mention in ordered if mention.is_written)
    return DatedText(tuple(_before_others(ordered, tokens)), frozenset(taken), written)


def is_known_day(mention: Mention, facts: Sequence[Fact], given: Given, titles: Collection[str]) -> bool:
    """Whether facts know the days, both ends of a range; a single date behind a title must be that title's."""
    if mention.first is None or mention.last is None:
        return True
    if (mention.last - mention.first).days >= _SHORTEST_MONTH - 1:
        return mention.first <= given.today <= mention.last or any(_touches(mention, fact) for fact in facts)
    known = {given.today}
    known |= {day for fact in facts if fact.days is not None for day in (fact.days.first_day, fact.days.last_day)}
    if mention.first == mention.last:
        of_titles = {fact.day for fact in facts if fact.day is not None and title_key(fact.title or "") in titles}
        if of_titles:
            return mention.first in of_titles
    known |= {fact.day for fact in facts if fact.day is not None}
    return {mention.first, mention.last} <= known


def _touches(mention: Mention, fact: Fact) -> bool:
    first, last = mention.first or date.max, mention.last or date.min
    if fact.day is not None and first <= fact.day <= last:
        return True
    return fact.days is not None and first <= fact.days.last_day and fact.days.first_day <= last


def _dates(tokens: Sequence[Token], today: date, taken: set[int]) -> Iterator[Mention]:
    """`23 ноября`, `16–22 ноября`, `23-noyabr`, `November 23`, `2026-11-23`, `23.11.2026`; a month alone is no date."""
    for place, token in enumerate(tokens):
        if place in taken:
            continue
        if token.value is not None and (iso := _iso(tokens, place)) is not None:
            day, until = iso
            taken.update(range(place, until))
            yield Mention(token.start, tokens[until - 1].end, "days", day, day, is_written=True)
        elif (month := _month(token)) is not None:
            found = _days_beside(tokens, place)
            if not found:
                continue
            year, year_place = _year(tokens, place, found)
            days = [_date(number, month, year, today) for _, number in found]
            if None in days:
                continue
            places = [place, *(at for at, _ in found), *([year_place] if year_place is not None else [])]
            taken.update(places)
            begin, end = min(places), max(places)
            yield Mention(tokens[begin].start, tokens[end].end, "days", days[0], days[-1], is_written=True)


def _iso(tokens: Sequence[Token], place: int) -> tuple[date, int] | None:
    values = tokens[place : place + 5]
    numbers = [token.value for token in values[::2]]
    if len(values) != 5 or None in numbers or values[1].folded != "-" or values[3].folded != "-":
        return None
    try:
        return date(*(int(number or 0) for number in numbers)), place + 5
    except (ValueError, OverflowError):  # no day, or a year of twenty figures
        return None


def _days_beside(tokens: Sequence[Token], place: int) -> list[tuple[int, int]]:
    """Places and values of one or two days before the month, or else behind it."""
    before = place - 1
    while before >= 0 and tokens[before].folded in _JOINS:
        before -= 1
    if (last := _day_number(tokens, before)) is not None:
        first = before - 2
        if first >= 0 and tokens[first + 1].folded in _DASHES and (number := _day_number(tokens, first)) is not None:
            return [(first, number), (before, last)]
        return [(before, last)]
    if (first_number := _day_number(tokens, place + 1)) is None:
        return []
    is_range = len(tokens) > place + 3 and tokens[place + 2].folded in _DASHES
    if is_range and (number := _day_number(tokens, place + 3)) is not None:
        return [(place + 1, first_number), (place + 3, number)]
    return [(place + 1, first_number)]


def _day_number(tokens: Sequence[Token], place: int) -> int | None:
    if not 0 <= place < len(tokens) or (value := tokens[place].value) is None:
        return None
    return int(value) if value == int(value) and 1 <= value <= _LAST_DAY else None


def _year(tokens: Sequence[Token], place: int, found: Sequence[tuple[int, int]]) -> tuple[int | None, int | None]:
    """The year that is named beside, and its place: `2026-yil 23-noyabr`, `23 ноября 2026 г.`."""
    begin, end = min(place, found[0][0]), max(place, found[-1][0])
    for at in (end + 1, end + 2, begin - 1, begin - 2, begin - 3):
        if 0 <= at < len(tokens) and (value := tokens[at].value) is not None and value in _YEARS:
            return int(value), at
    return None, None


def _date(day: int, month: int, year: int | None, today: date) -> date | None:
    """Without a year, the one that brings it nearest to today."""
    try:
        if year is not None:
            return date(year, month, day)
        return min((date(today.year + more, month, day) for more in (-1, 0, 1)), key=lambda found: abs(found - today))
    except ValueError:
        return None


def _ranges(dates: Sequence[Mention]) -> Iterator[Mention]:
    """Two single dates that follow each other closely are a range: 28 октября – 3 ноября."""
    skip = False
    for place, found in enumerate(dates):
        if skip:
            skip = False
            continue
        following = dates[place + 1] if place + 1 < len(dates) else None
        if following is not None and found.first == found.last and 0 < following.start - found.end <= _CLOSE:
            skip = True
            yield Mention(found.start, following.end, "days", found.first, following.last, is_written=True)
        else:
            yield found


def _named(tokens: Sequence[Token], today: date, taken: set[int]) -> Iterator[Mention]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = (first - _DAY).replace(day=1)
    spans = {
        "this_week": ("running", monday, monday + _WEEK - _DAY),
        "last_week": ("days", monday - _WEEK, monday - _DAY),
        "this_month": ("running", first, _end_of_month(first)),
        "last_month": ("days", last_month, first - _DAY),
        "today": ("days", today, today),
        "yesterday": ("days", today - _DAY, today - _DAY),
    }
    seen = ""
    for place, token in enumerate(tokens):
        name = token.means("p_")
        if name is not None and name != seen:
            if name in spans:
                yield Mention(token.start, token.end, *spans[name])
            elif name in _WEEKDAYS:
                yield Mention(token.start, token.end, f"weekday_{_WEEKDAYS.index(name)}")
            else:
                yield Mention(token.start, token.end, name)
        seen = name or ""
        if (month := _month(token)) is not None and place not in taken and token.folded not in _ALSO_VERBS:
            yield _whole_month(tokens, place, month, today, taken)


def _whole_month(tokens: Sequence[Token], place: int, month: int, today: date, taken: set[int]) -> Mention:
    year, year_place = _year(tokens, place, [(place, 0)])
    if year_place is not None:
        taken.add(year_place)
    first = _date(1, month, year, today) or today
    running = first <= today <= _end_of_month(first)
    name = "running" if running else "days"
    return Mention(tokens[place].start, tokens[place].end, name, first, _end_of_month(first), is_written=True)


def _weeks(tokens: Sequence[Token], taken: set[int]) -> Iterator[Mention]:
    """`за 12 недель`, of which topics are told; `12 недель подряд` are counted."""
    if any("m_streak" in token.meanings for token in tokens):
        return
    for place, token in enumerate(tokens[:-1]):
        unit = next((near for near in tokens[place + 1 : place + 3] if "unit_weeks" in near.meanings), None)
        if token.value == _TWELVE and unit is not None:
            taken.add(place)
            yield Mention(token.start, unit.end, "twelve_weeks")


def _before_others(mentions: Sequence[Mention], tokens: Sequence[Token]) -> Iterator[Mention]:
    """`the week before last week` is one period: as many days, before those of the other."""
    skip = False
    for found, following in zip_longest(mentions, mentions[1:]):
        if skip:
            skip = False
        elif following is not None and found.is_before != following.is_before and _adjoin(found, following, tokens):
            skip = True
            other = following if found.is_before else found
            if other.first is None or other.last is None:
                yield other
                continue
            first, last = _as_long_before(other.first, other.last)
            yield Mention(found.start, following.end, "days", first, last)
        else:
            yield found


def _adjoin(found: Mention, following: Mention, tokens: Sequence[Token]) -> bool:
    """Whether nothing but a few words stands between."""
    between = [token for token in tokens if found.end <= token.start < following.start]
    return len(between) <= _FEW and all(token.folded[:1].isalpha() and token.value is None for token in between)


def _as_long_before(first: date, last: date) -> tuple[date, date]:
    before = first - _DAY
    if first.day == 1 and last == _end_of_month(first):
        return before.replace(day=1), before
    return before - (last - first), before


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(token: Token) -> int | None:
    name = token.means("month_")
    return int(name) if name is not None else None
