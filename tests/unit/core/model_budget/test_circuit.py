"""The circuit breaker: it opens, lets one through, and closes by itself. The clock is in the test's hand."""

from __future__ import annotations

import random

import pytest

from mentorium_ai_client import AIQuotaError, AIRequestError, AIUnavailableError
from mentorium_ai_client.errors import AIFilteredError
from mentorium_core.model_budget.circuit_breaker import CircuitBreaker
from mentorium_core.model_budget.model import ModelWithheldError, Withheld
from mentorium_core.model_budget.rules import (
    FAILURES_TO_OPEN,
    FIRST_OPEN_S,
    LONGEST_OPEN_S,
    CallOutcome,
    Circuit,
    CircuitAdmission,
    admit,
    after,
    outcome_of,
)
from mentorium_kit.errors import UnavailableError

DOWN = AIUnavailableError("ai_unavailable", reason="connection")


class Service:
    """A model that may be down, asked through a circuit breaker."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.is_up = True
        self.asked = 0
        self.told: list[bool] = []
        self.breaker = CircuitBreaker(self.told.append, lambda: self.now)

    def ask(self) -> str:
        try:
            with self.breaker.call() as call:
                call.begun = True
                self.asked += 1
                if not self.is_up:
                    raise DOWN
                call.finished = True
        except ModelWithheldError as withheld:
            return withheld.code
        except AIUnavailableError:
            return "down"
        return "answer"


def opened(at: float = 0.0) -> Circuit:
    circuit = Circuit()
    for _ in range(FAILURES_TO_OPEN):
        circuit = after(circuit, CallOutcome.FAILED, CircuitAdmission.PASS, at)
    return circuit


def test_an_hour_without_the_model_costs_few_waits_and_ends_by_itself() -> None:
    service = Service()
    service.is_up = False
    answers = []
    for _ in range(3_600):
        service.now += 1
        answers.append(service.ask())
    assert answers[:FAILURES_TO_OPEN] == ["down"] * FAILURES_TO_OPEN
    assert set(answers[FAILURES_TO_OPEN:]) == {"down", Withheld.CIRCUIT_OPEN.value}
    assert answers.count("down") == service.asked
    assert service.asked < 3_600 / LONGEST_OPEN_S + 10, "of 3,600 who ask, one a minute waits for the service"
    service.is_up = True
    waited = 0
    while service.ask() != "answer":
        service.now += 1
        waited += 1
    assert waited <= LONGEST_OPEN_S
    assert service.ask() == "answer"
    assert service.told == [True, False], "said once when it opens, once when it closes"


def test_failures_that_are_not_in_a_row_open_nothing() -> None:
    circuit = Circuit()
    for outcome in (CallOutcome.FAILED, CallOutcome.FAILED, CallOutcome.WORKED) * 5:
        circuit = after(circuit, outcome, CircuitAdmission.PASS, 0.0)
    assert circuit == Circuit()


def test_while_it_is_open_one_alone_is_let_through() -> None:
    circuit = opened()
    assert admit(circuit, FIRST_OPEN_S - 0.1)[1] is CircuitAdmission.REFUSE
    circuit, first = admit(circuit, FIRST_OPEN_S)
    circuit, second = admit(circuit, FIRST_OPEN_S)
    assert (first, second) == (CircuitAdmission.PROBE, CircuitAdmission.REFUSE)


def test_a_probe_that_fails_opens_for_twice_as_long_up_to_a_minute() -> None:
    circuit, now, open_for = opened(), 0.0, []
    for _ in range(7):
        assert circuit.open_until is not None
        open_for.append(circuit.open_until - now)
        now = circuit.open_until
        circuit, admission = admit(circuit, now)
        circuit = after(circuit, CallOutcome.FAILED, admission, now)
    assert open_for == [5, 10, 20, 40, 60, 60, 60]


def test_a_probe_that_was_cut_off_leaves_the_next_one_to_try() -> None:
    circuit, admission = admit(opened(), FIRST_OPEN_S)
    circuit = after(circuit, CallOutcome.NOTHING_LEARNT, admission, FIRST_OPEN_S)
    assert admit(circuit, FIRST_OPEN_S)[1] is CircuitAdmission.PROBE


def test_calls_begun_before_it_opened_have_no_say() -> None:
    for outcome in CallOutcome:
        assert after(opened(), outcome, CircuitAdmission.PASS, 1.0) == opened()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (AIUnavailableError("ai_unavailable", reason="timeout"), CallOutcome.FAILED),
        (AIUnavailableError("ai_unavailable", reason="429"), CallOutcome.FAILED),
        (AIUnavailableError("ai_unavailable", reason="truncated"), CallOutcome.FAILED),
        (AIQuotaError("ai_quota_exhausted", reason="quota"), CallOutcome.FAILED),
        (AIRequestError("ai_request_refused", reason="401"), CallOutcome.FAILED),
        (AIFilteredError("ai_answer_filtered", reason="error_event"), CallOutcome.NOTHING_LEARNT),
        (AIRequestError("ai_request_refused", reason="400"), CallOutcome.NOTHING_LEARNT),
    ],
)
def test_what_is_learnt_of_a_failure(error: UnavailableError, outcome: CallOutcome) -> None:
    assert outcome_of(error) is outcome


def test_what_is_refused_before_the_service_is_asked_opens_nothing() -> None:
    breaker = CircuitBreaker(now=lambda: 0.0)
    for _ in range(10):
        with pytest.raises(UnavailableError), breaker.call():
            raise UnavailableError("bot_db_unavailable")
    assert not breaker.is_open


def test_whatever_happens_it_never_shuts_for_longer_than_a_minute() -> None:
    """Any order of failures, cuts and pauses: once the service works again, a minute later it is used."""
    drawn = random.Random(14)
    for _ in range(2_000):
        circuit, now = Circuit(), 0.0
        for _ in range(drawn.randrange(40)):
            now += drawn.choice((0, 0.1, 1, 7, 61))
            circuit, admission = admit(circuit, now)
            if admission is not CircuitAdmission.REFUSE:
                circuit = after(circuit, drawn.choice(list(CallOutcome)), admission, now)
        circuit, admission = admit(circuit, now + LONGEST_OPEN_S)
        assert admission is not CircuitAdmission.REFUSE
        assert after(circuit, CallOutcome.WORKED, admission, now + LONGEST_OPEN_S) == Circuit()
