"""The circuit breaker as a state machine. Moments are the machine's own (monotonic seconds): it is a back-off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from mentorium_kit.errors import UnavailableError

FAILURES_TO_OPEN: Final = 3
FIRST_OPEN_S: Final = 5.0
LONGEST_OPEN_S: Final = 60.0
"""At the latest so long after the service is back it is tried again, by the first who asks then."""

_ONE_REQUEST: Final = frozenset({"400", "413", "422"})
_FILTERED: Final = "ai_answer_filtered"


@dataclass(frozen=True, slots=True)
class Circuit:
    """`failures` in a row; open until `open_until`, the next time twice as long as `open_s`; `probing`: one is let
    through to see whether the service is back.
    """

    failures: int = 0
    open_until: float | None = None
    open_s: float = FIRST_OPEN_S
    probing: bool = False


class CircuitAdmission(Enum):
    """PROBE: the one call that finds out whether the service is back; all others are spared the wait."""

    PASS = "pass"  # noqa: S105 - no password
    PROBE = "probe"
    REFUSE = "refuse"


class CallOutcome(Enum):
    """Of a call. NOTHING_LEARNT: it was cut off, or never made."""

    WORKED = "worked"
    FAILED = "failed"
    NOTHING_LEARNT = "nothing learnt"


def admit(circuit: Circuit, now: float) -> tuple[Circuit, CircuitAdmission]:
    """Whether a call may be made."""
    if circuit.open_until is None:
        return circuit, CircuitAdmission.PASS
    if circuit.probing or now < circuit.open_until:
        return circuit, CircuitAdmission.REFUSE
    return replace(circuit, probing=True), CircuitAdmission.PROBE


def after(circuit: Circuit, outcome: CallOutcome, admission: CircuitAdmission, now: float) -> Circuit:
    """The circuit once a call that was admitted has ended. While it is open the probe alone has a say."""
    if circuit.open_until is not None and admission is not CircuitAdmission.PROBE:
        return circuit
    match outcome:
        case CallOutcome.WORKED:
            return Circuit()
        case CallOutcome.NOTHING_LEARNT:
            return replace(circuit, probing=False)
        case CallOutcome.FAILED if circuit.open_until is None and circuit.failures + 1 < FAILURES_TO_OPEN:
            return replace(circuit, failures=circuit.failures + 1)
        case _:
            open_s = circuit.open_s if circuit.open_until is None else min(2 * circuit.open_s, LONGEST_OPEN_S)
            return Circuit(circuit.failures + 1, now + open_s, open_s)


def outcome_of(error: UnavailableError) -> CallOutcome:
    """What a failed answer tells of the service; a request refused for what stood in it says nothing of others."""
    refused = error.code == _FILTERED or str(error.context.get("reason", "")) in _ONE_REQUEST
    return CallOutcome.NOTHING_LEARNT if refused else CallOutcome.FAILED
