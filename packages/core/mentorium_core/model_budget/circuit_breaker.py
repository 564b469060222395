"""The circuit breaker before the language model: while it is down nobody waits for it, but for one who tries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mentorium_core.model_budget.model import ModelWithheldError, Withheld
from mentorium_core.model_budget.rules import CallOutcome, Circuit, CircuitAdmission, admit, after, outcome_of
from mentorium_kit.errors import UnavailableError


class CircuitBreaker:
    """Of one process. `on_change` hears whether it is open now; `now` is the machine's time in seconds."""

    def __init__(
        self, on_change: Callable[[bool], None] = lambda _: None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_change = on_change
        self._now = now
        self._circuit = Circuit()

    @property
    def is_open(self) -> bool:
        return self._circuit.open_until is not None

    @contextmanager
    def call(self) -> Iterator[ModelCall]:
        """Around a call; how it ended is learnt from what it raised. ModelWithheldError while the circuit is open."""
        self._circuit, admission = admit(self._circuit, self._now())
        if admission is CircuitAdmission.REFUSE:
            raise ModelWithheldError(Withheld.CIRCUIT_OPEN)
        call = ModelCall(is_probe=admission is CircuitAdmission.PROBE)
        outcome = CallOutcome.NOTHING_LEARNT
        try:
            yield call
        except UnavailableError as error:
            if call.begun:
                outcome = outcome_of(error)
            raise
        finally:  # whoever has the whole answer may close the generator instead of asking it on
            self._learn(CallOutcome.WORKED if call.finished else outcome, admission)

    def _learn(self, outcome: CallOutcome, admission: CircuitAdmission) -> None:
        was_open = self.is_open
        self._circuit = after(self._circuit, outcome, admission, self._now())
        if self.is_open is not was_open:
            self._on_change(self.is_open)


class ModelCall:
    """`begun`: the service was asked; `finished`: it has answered to the end."""

    def __init__(self, *, is_probe: bool) -> None:
        self.is_probe = is_probe
        self.begun = False
        self.finished = False
