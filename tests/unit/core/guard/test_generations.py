"""Two hundred answers that a small real model gave, replayed: no wrong number of theirs passes the guard."""

from __future__ import annotations

from functools import cache

from tests.evaluation.generations import Judged, judge, recorded, tasks
from tests.evaluation.reviewed import counts_falsely, reviewed_sentences, said_numbers

RECORDED = 200


@cache
def judged() -> tuple[Judged, ...]:
    return tuple(judge(recorded()))


def test_two_hundred_are_kept_one_of_each_task() -> None:
    kept = list(recorded())
    assert len(kept) == RECORDED
    assert [made.number for made in kept] == [task.number for task, _ in tasks()]


def test_no_shell_that_passes_counts_anything() -> None:
    passed = [one for one in judged() if one.ok and one.world is None]
    assert [one.text for one in passed if said_numbers(one.text, one.generation.language)] == []


def test_every_sentence_with_a_number_that_passes_was_read_and_found_true() -> None:
    passed = [one for one in judged() if one.ok and one.world is not None]
    counting = {one.text for one in passed if said_numbers(one.text, one.generation.language)}
    assert [one.text for one in passed if counts_falsely(one)] == []
    assert counting - reviewed_sentences() == set()
    assert len(reviewed_sentences() - counting) == 0, "kept for nothing: the guard holds them up"


def test_the_model_is_an_adversary() -> None:
    """Much of what it writes is wrong, and held up: else the recordings would show nothing."""
    held_up = [one for one in judged() if not one.ok]
    assert len(held_up) > RECORDED
