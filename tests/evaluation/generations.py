"""What a small real model writes when it is asked for shells and answers: tasks, recorded answers, their judging."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from mentorium_core.guard.model import SaidBefore
from mentorium_core.guard.rules import check_sentence, check_shell, join_shell
from mentorium_domain.enums import Language
from tests.evaluation.chat_world import World, make_world, sentences
from tests.evaluation.shell_attacks import DATA, SENTENCES

RECORDED: Final = DATA / "recorded.jsonl"
ROOT: Final = Path(__file__).parents[2]
_PYTHON: Final = ROOT / ".cache/eval/bin/python"
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]*)*[.!?]*")
_LANGUAGES: Final = {Language.EN: "English", Language.RU: "Russian", Language.UZ: "Uzbek"}
_HOW_MANY: Final = {
    ("shell", Language.EN): 50, ("words", Language.EN): 30, ("shell", Language.RU): 10, ("shell", Language.UZ): 10,
    ("chat", Language.EN): 80, ("chat", Language.RU): 10, ("chat", Language.UZ): 10,
}  # fmt: skip
_ASKS: Final = (
    "How did the last week go? Answer in three short sentences.",
    "Tell me about study time and lessons, with the numbers.",
    "Are the test results good? Compare them with the week before.",
    "How does ⟦C1⟧ do, and what should we do tonight?",
)
_MARKERS: Final = (
    "You write the words of a report for a parent, in {language}. Three sentences are ready: [[S1]] tells the study "
    "time, [[S2]] the test results, [[S3]] an idea for tonight. Write a short friendly report with the markers [[S1]], "
    "[[S2]] and [[S3]], each once and in this order. Write no numbers."
)
_WORDS: Final = (
    "Write one or two friendly sentences that greet a parent and introduce a report on a child's lessons. No numbers.",
    "Write one sentence that leads a parent from the study time to the test results of the child. No numbers.",
    "Write one warm closing sentence for a parent's report that praises the effort. No numbers, no names.",
)


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model wrote for task `number`. `kind`: shell, words or chat."""

    number: int
    kind: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A text that the guard was shown: a shell, or one sentence of an answer in its world."""

    generation: Generation
    text: str
    ok: bool
    world: World | None = None


def tasks(seed: int = 0) -> Iterator[tuple[Generation, list[dict[str, Any]]]]:
    """Each with an empty text, and the requests that make it."""
    number = 0
    for (kind, language), count in _HOW_MANY.items():
        for _ in range(count):
            number += 1
            yield Generation(number, kind, language, ""), list(_requests(kind, language, number, seed))


def world_of(generation: Generation) -> World:
    """The facts that the answer is about."""
    return make_world(Random(f"generation {generation.number}"), generation.language)


def generate(most: int | None = None, seed: int = 0) -> Iterator[Generation]:
    """By the small model, on this machine; FileNotFoundError where `make eval` has not fetched it."""
    chosen = list(tasks(seed))[slice(0, None, max(_total() // most, 1)) if most else slice(None)]
    lines = [json.dumps(request) for _, requests in chosen for request in requests]
    script = Path(__file__).with_name("small_model.py")
    ended = subprocess.run(
        [str(_PYTHON), str(script)],
        input="\n".join(lines), capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    texts = {answer["id"]: answer["text"] for answer in said}
    for task, requests in chosen:
        parts = [texts[request["id"]] for request in requests]
        text = join_shell([*(f"{part.strip()} " for part in parts), ""]) if task.kind == "words" else parts[0]
        yield Generation(task.number, task.kind, task.language, text)


def recorded() -> Iterator[Generation]:
    """Those kept as data."""
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        yield Generation(kept["number"], kept["kind"], Language(kept["language"]), kept["text"])


def record(generations: Iterable[Generation]) -> None:
    lines = [
        json.dumps(
            {"number": made.number, "kind": made.kind, "language": made.language, "text": made.text}, ensure_ascii=False
        )
        for made in generations
    ]
    RECORDED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def judge(generations: Iterable[Generation]) -> Iterator[Judged]:
    """Shells whole, answers sentence by sentence."""
    for made in generations:
        if made.kind != "chat":
            verdict = check_shell(made.text, SENTENCES, made.language, children=("C1",))
            yield Judged(made, made.text, verdict.ok)
            continue
        world, said = world_of(made), None
        for sentence in split(made.text):
            checked = check_sentence(sentence, world.facts, world.given, made.language, said)
            said = checked.said if checked.ok else said or SaidBefore()
            yield Judged(made, sentence, checked.ok, world)


def split(text: str) -> Sequence[str]:
    """Sentences, roughly."""
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _total() -> int:
    return sum(_HOW_MANY.values())


def _requests(kind: str, language: Language, number: int, seed: int) -> Iterator[dict[str, Any]]:
    asked = {"id": f"{number}", "seed": seed * 1000 + number, "tokens": 60, "temperature": 0.8}
    if kind == "words":
        for place, words in enumerate(_WORDS):
            yield {**asked, "id": f"{number}.{place}", "tokens": 25, "messages": [{"role": "user", "content": words}]}
    elif kind == "shell":
        yield {**asked, "messages": [{"role": "user", "content": _MARKERS.format(language=_LANGUAGES[language])}]}
    else:
        world = world_of(Generation(number, kind, language, ""))
        facts = " ".join(world.fill(sentence) for sentence in sentences(language)["true"][:12:2])
        system = f"You are a mentor. Answer the parent in {_LANGUAGES[language]}. Facts: {facts}"
        question = _ASKS[number % len(_ASKS)]
        yield {**asked, "messages": [{"role": "system", "content": system}, {"role": "user", "content": question}]}
