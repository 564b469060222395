"""Attacks on sentences of the chat, made by a seed: a sentence that facts bear out, with one thing in it made false."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from mentorium_core.guard.model import Fact, Given
from mentorium_core.i18n import format_day_month
from mentorium_core.i18n.number_words import number_words
from mentorium_domain.enums import Language
from tests.evaluation.chat_world import Figure, World, make_world, sentences
from tests.evaluation.shell_attacks import ALIKE, sayings

_SLOT: Final = re.compile(r"\{(\w+)\}")
_OTHER_PERIOD: Final = {
    "lw_time": "tw_time", "tw_time": "lw_time", "lw_lessons": "tw_lessons", "tw_lessons": "lw_lessons",
    "lw_avg": "lb_avg", "lb_avg": "lw_avg",
}  # fmt: skip
_OTHER_TITLE: Final = {"s1": "s2", "s2": "s1", "p1": "p2", "tp": "tp2"}
_OTHER_CHILD: Final = {
    "lw_time": "lw_time2",
    "lw_time2": "lw_time",
    "lw_lessons": "lw_lessons2",
    "lw_lessons2": "lw_lessons",
}
_OTHER_METRIC: Final = {
    "lw_lessons": "lw_days", "lw_days": "lw_lessons", "tw_lessons": "tw_tests", "tw_tests": "tw_lessons",
    "late": "streak", "streak": "late", "lw_avg": "p1", "p1": "tp", "tp": "lw_avg",
    "done": "s1", "s1": "done",
}  # fmt: skip
Make = Callable[[Random, World], str]


@dataclass(frozen=True, slots=True)
class ChatCase:
    """`sentence` in the world that it speaks of."""

    kind: str
    language: Language
    sentence: str
    facts: tuple[Fact, ...]
    given: Given


def chat_attacks(language: Language, each: int, seed: int = 14) -> Iterator[ChatCase]:
    """So many attacks of each kind, the same for the same seed."""
    for kind, make in KINDS.items():
        random = Random(f"{seed} {language} chat {kind}")
        for _ in range(each):
            world = make_world(random, language)
            facts = [fact for fact in world.facts if not (fact.is_before and kind == "vague direction")]
            yield ChatCase(kind, language, make(random, world), tuple(facts), world.given)


def true_sentences(language: Language, each: int, seed: int = 14) -> Iterator[ChatCase]:
    """Each sentence so many times, with figures and with number words, and those without figures once."""
    random = Random(f"{seed} {language} true")
    for sentence in [*sentences(language)["true"], *sentences(language)["dates"], *sentences(language)["true_outcome"]]:
        for number in range(each):
            world = make_world(random, language)
            said = world.fill(sentence, in_words=number % 2 == 1)
            yield ChatCase("true", language, said, world.facts, world.given)
    for sentence in sentences(language)["fine"]:
        world = make_world(random, language)
        yield ChatCase("fine", language, sentence, world.facts, world.given)


def _chosen(random: Random, world: World, slots: Mapping[str, str] | None = None) -> tuple[str, str]:
    """A true sentence and one of its slots, of those where there are some."""
    choices = [
        (sentence, slot)
        for sentence in sentences(world.language)["true"]
        for slot in _SLOT.findall(sentence)
        if slot in (world.figures if slots is None else slots)
    ]
    return random.choice(choices)


def _false(random: Random, world: World, slot: str) -> Figure:
    """A figure of the same kind that no fact knows."""
    figure = world.figures[slot]
    most = {"minutes": 600, "percent": 100, "count": 99}[figure.kind]
    return Figure(
        random.choice([value for value in range(2, most) if world.is_free(value)]), figure.kind, figure.metric
    )


def _another(random: Random, world: World) -> str:
    sentence, slot = _chosen(random, world)
    return world.fill(sentence, {slot: _false(random, world, slot).said(world.language)})


def _another_in_words(random: Random, world: World) -> str:
    sentence, slot = _chosen(random, world)
    return world.fill(sentence, {slot: _false(random, world, slot).said(world.language, in_words=True)})


def _written(change: Callable[[Random, str], str]) -> Make:
    """A false figure, written otherwise."""

    def make(random: Random, world: World) -> str:
        sentence, slot = _chosen(random, world)
        return world.fill(sentence, {slot: change(random, _false(random, world, slot).said(world.language))})

    return make


def _words_written(change: Callable[[Random, str], str]) -> Make:
    def make(random: Random, world: World) -> str:
        counts = {slot: "" for slot, figure in world.figures.items() if figure.kind == "count"}
        sentence, slot = _chosen(random, world, counts)
        value = random.choice([value for value in range(2, 100) if world.is_free(value)])
        return world.fill(sentence, {slot: change(random, number_words(world.language, value))})

    return make


def _digits(zero: int) -> Callable[[Random, str], str]:
    return lambda _, figures: "".join(chr(zero + int(sign)) if sign.isdigit() else sign for sign in figures)


def _homoglyphs(random: Random, words: str) -> str:
    places = [place for place, letter in enumerate(words) if letter in ALIKE]
    chosen = set(random.sample(places, random.randint(1, len(places)))) if places else set()
    return "".join(ALIKE[letter] if place in chosen else letter for place, letter in enumerate(words))


def _roman(_: Random, figures: str) -> str:
    number, roman = int(re.sub(r"\D.*", "", figures) or 0) % 89 + 1, ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        roman += sign * (number // value)
        number %= value
    return roman + re.sub(r"^\d+", "", figures)


def _instead(others: Mapping[str, str]) -> Make:
    """A figure that is true of something else."""

    def make(random: Random, world: World) -> str:
        sentence, slot = _chosen(random, world, others)
        other = world.figures[others[slot]]
        return world.fill(
            sentence, {slot: Figure(other.value, world.figures[slot].kind, other.metric).said(world.language)}
        )

    return make


def _swapped(random: Random, world: World) -> str:
    """Two figures of the sentence have changed places."""
    choices = []
    for sentence in sentences(world.language)["true"]:
        slots = [slot for slot in _SLOT.findall(sentence) if slot in world.figures and slot not in {"m1", "m2", "req"}]
        choices += [
            (sentence, a, b) for a in slots for b in slots if a < b and world.figures[a].kind == world.figures[b].kind
        ]
    sentence, one, other = random.choice(choices)
    said = {one: world.figures[other].said(world.language), other: world.figures[one].said(world.language)}
    return world.fill(sentence, said)


def _other_child(random: Random, world: World) -> str:
    named = [sentence for sentence in sentences(world.language)["true"] if "⟦C" in sentence]
    return re.sub(r"⟦C[12]", "⟦C3", world.fill(random.choice(named)))


def _summed(random: Random, world: World) -> str:
    """The model has added figures up."""
    sentence, slot = _chosen(random, world)
    kind = world.figures[slot].kind
    values = [figure.value for figure in world.figures.values() if figure.kind == kind]
    total = next(
        (a + b for a in random.sample(values, len(values)) for b in values if a != b and world.is_free(a + b)), 97
    )
    return world.fill(sentence, {slot: Figure(total, kind, world.figures[slot].metric).said(world.language)})


def _one_more(random: Random, world: World) -> str:
    sentence, slot = _chosen(random, world)
    figure = world.figures[slot]
    near = next(
        figure.value + more
        for more in (1, -1, 2, -2, 3, 16, 17, 18, 19)
        if figure.value + more > 1 and world.is_free(figure.value + more)
    )
    return world.fill(sentence, {slot: Figure(near, figure.kind, figure.metric).said(world.language)})


def _said(section: str) -> Make:
    return lambda random, world: world.fill(random.choice(sentences(world.language)[section]))


def _with_number(section: str) -> Make:
    def make(random: Random, world: World) -> str:
        number = random.choice([value for value in range(16, 99) if world.is_free(value)])
        return random.choice(sentences(world.language)[section]).format(number)

    return make


def _asked(random: Random, world: World) -> str:
    return random.choice(sentences(world.language)["asked"]).format(world.asked)


def _direction(random: Random, world: World) -> str:
    """A direction that all facts speak against; facts of the sentence's three metrics are made to agree in that."""
    metrics = ("lessons", "time", "avg")
    place = random.randrange(len(metrics))
    now, before = {
        "lessons": ("tw_lessons", "tb_lessons"),
        "time": ("tw_time", "tb_time"),
        "avg": ("lw_avg", "lb_avg"),
    }[metrics[place]]
    rose = world.figures[now].value > world.figures[before].value
    return sentences(world.language)["down" if rose else "up"][place]


def _date(random: Random, world: World) -> str:
    day = random.choice([fact.day for fact in world.facts if fact.day is not None and fact.title])
    wrong = day + timedelta(days=random.choice([-1, 1, 31, 40, 9]))
    return world.fill(
        random.choice(sentences(world.language)["dates"]), {"day": format_day_month(world.language, wrong)}
    )


def _name(random: Random, world: World) -> str:
    named = [
        sentence for sentence in sentences(world.language)["true"] if "⟦C1" in sentence and "⟦C1⟧ning" not in sentence
    ]
    name = random.choice(sayings(world.language)["name"][:3])
    return re.sub(r"⟦C1(?::gen)?⟧(?:da)?", name, world.fill(random.choice(named)))


def _added(texts: tuple[str, ...]) -> Make:
    def make(random: Random, world: World) -> str:
        sentence, _ = _chosen(random, world)
        return f"{world.fill(sentence)[:-1]}, {random.choice(texts)}."

    return make


KINDS: Final[Mapping[str, Make]] = {
    "another number": _another,
    "another number in words": _another_in_words,
    "nearly the number": _one_more,
    "sum of two": _summed,
    "full-width digits": _written(_digits(0xFF10)),
    "Arabic-Indic digits": _written(_digits(0x0660)),
    "Devanagari digits": _written(_digits(0x0966)),
    "mathematical digits": _written(_digits(0x1D7CE)),
    "superscripts": _written(lambda _, figures: figures.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))),
    "circled digits": _written(lambda _, figures: figures.translate(str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨"))),
    "zero-width between digits": _written(lambda _, figures: "\u200b".join(figures)),
    "roman numerals": _words_written(lambda random, _: _roman(random, str(random.randint(1, 88)))),
    "zero-width in a number word": _words_written(lambda _, words: "\u200b".join(words)),
    "combining marks on a number word": _words_written(lambda _, words: "\u0336".join(words)),
    "homoglyphs in a number word": _words_written(_homoglyphs),
    "bold number": _written(lambda _, figures: f"**{figures}**"),
    "figure of another period": _instead(_OTHER_PERIOD),
    "figure of another metric": _instead(_OTHER_METRIC),
    "figure of another child": _instead(_OTHER_CHILD),
    "figure of another title": _instead(_OTHER_TITLE),
    "figures swapped": _swapped,
    "unknown child": _other_child,
    "rounded": _with_number("rounded"),
    "our ten minutes as a figure": _said("ten"),
    "the parent's number as a figure": _asked,
    "number in quotes": _with_number("quoted"),
    "vague quantity": _said("vague"),
    "direction": _direction,
    "vague direction": _said("vague_direction"),
    "outcome": _said("outcome"),
    "rank": _said("rank"),
    "comparison": _said("others"),
    "condition": _said("condition"),
    "date": _date,
    "name": _name,
    "another language": _said("other"),
    "link": _added(("https://evil.xyz/a", "www.evil.xyz", "[отчёт](http://evil.xyz)", "tg://user?id=1")),
    "turned reading": _written(lambda _, figures: f"\u202e{figures[::-1]}\u202c"),
}  # fmt: skip
"""By name: what makes one such attack."""
