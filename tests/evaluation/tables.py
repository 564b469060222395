"""The tables of `make eval`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mentorium_core.guard.rules import check_sentence, check_shell
from mentorium_domain.enums import Language
from tests.evaluation import chat_attacks, shell_attacks
from tests.evaluation.generations import Judged

_MS = 1000


@dataclass(slots=True)
class Tally:
    """How many of each kind were shown and how many got through, and how long each check took (CPU, milliseconds)."""

    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    through: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)

    def add(self, kind: str, language: Language, text: str, check: Callable[[], bool]) -> None:
        begun = time.thread_time()
        ok = check()
        self.took_ms.append((time.thread_time() - begun) * _MS)
        self.shown[kind, language.value] += 1
        if ok:
            self.through[kind, language.value] += 1
            self.texts.append((kind, language.value, text))

    def lines(self, heading: str) -> Iterator[str]:
        languages = [language.value for language in Language]
        yield f"{heading:42} {'  '.join(f'{language:>12}' for language in languages)}"
        for kind in dict.fromkeys(kind for kind, _ in self.shown):
            cells = [f"{self.through[kind, language]:>5} / {self.shown[kind, language]:>4}" for language in languages]
            yield f"  {kind:40} {'  '.join(f'{cell:>12}' for cell in cells)}"
        yield f"  {'got through':40} {self.through.total()} of {self.shown.total()}; {self.times()}"

    def times(self) -> str:
        """Median and 95th percentile."""
        ordered = sorted(self.took_ms)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        return f"p50 {middle:.2f} ms, p95 {late:.2f} ms (CPU)"


def attack_shells(each: int) -> Tally:
    tally = Tally()
    _warm_up()
    for language in Language:
        for attack in shell_attacks.shell_attacks(language, each):
            tally.add(attack.kind, language, attack.text, lambda a=attack: _shell_holds(a.text, a.language))  # type: ignore[misc]
    return tally


def attack_chat(each: int) -> Tally:
    tally = Tally()
    for language in Language:
        for case in chat_attacks.chat_attacks(language, each):
            tally.add(case.kind, language, case.sentence, lambda c=case: _sentence_holds(c))  # type: ignore[misc]
    return tally


def show_clean(each: int) -> tuple[Tally, Tally]:
    """Clean shells, true sentences: here what got through is what should."""
    shells, chat = Tally(), Tally()
    for language in Language:
        for shell in shell_attacks.clean_shells(language):
            shells.add("clean shells", language, shell, lambda s=shell, of=language: _shell_holds(s, of))  # type: ignore[misc]
        for case in chat_attacks.true_sentences(language, each):
            chat.add(f"{case.kind} sentences", language, case.sentence, lambda c=case: _sentence_holds(c))  # type: ignore[misc]
    return shells, chat


def generation_lines(judged: Sequence[Judged], heading: str) -> Iterator[str]:
    yield f"{heading:42} {'shown':>12}  {'held up':>12}  {'let through':>12}"
    kinds = dict.fromkeys((one.generation.kind, one.generation.language.value) for one in judged)
    for kind, language in kinds:
        of_kind = [one for one in judged if (one.generation.kind, one.generation.language.value) == (kind, language)]
        passed = sum(one.ok for one in of_kind)
        what = "answers, by sentence" if kind == "chat" else {"words": "free words", "shell": "shells"}[kind]
        yield f"  {f'{what} ({language})':40} {len(of_kind):>12}  {len(of_kind) - passed:>12}  {passed:>12}"


def held_up(tally: Tally) -> int:
    return tally.shown.total() - tally.through.total()


def _warm_up() -> None:
    """The word lists are read at the first text."""
    for language in Language:
        _shell_holds(shell_attacks.clean_shells(language)[0], language)


def _shell_holds(text: str, language: Language) -> bool:
    return check_shell(text, shell_attacks.SENTENCES, language, children=("C1",)).ok


def _sentence_holds(case: chat_attacks.ChatCase) -> bool:
    return check_sentence(case.sentence, case.facts, case.given, case.language).ok


def samples(texts: Iterable[tuple[str, str, str]], most: int = 10) -> Iterator[str]:
    """Some of what got through."""
    for kind, language, text in list(texts)[:most]:
        yield f"    {language} {kind}: {text!r}"
