"""Metrics without labels that a process tells of only once they are its own.

prometheus_client shows each of them at 0 in every process that imports the module; a 0 of somebody who never polls,
answers or checks says something false. With labels there is no such 0: a series begins with its first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram, Metric
from prometheus_client.metrics import MetricWrapperBase


class _FromFirstUse(MetricWrapperBase):
    _is_used = False

    def begin(self) -> None:
        """It is this process's own: from now on it is shown, at 0 until something happens."""
        self._is_used = True

    def collect(self) -> Iterable[Metric]:
        for metric in super().collect():
            if not self._is_used:
                metric.samples = []
            yield metric


class CounterFromFirstUse(_FromFirstUse, Counter):
    """Shown from its first step, or from `begin`."""

    def inc(self, *args: Any, **kwargs: Any) -> None:
        self.begin()
        super().inc(*args, **kwargs)


class GaugeFromFirstUse(_FromFirstUse, Gauge):
    """Shown from the first time it is set."""

    def set(self, value: float) -> None:
        self.begin()
        super().set(value)


class HistogramFromFirstUse(_FromFirstUse, Histogram):
    """Shown from its first observation, or from `begin`."""

    def observe(self, *args: Any, **kwargs: Any) -> None:
        self.begin()
        super().observe(*args, **kwargs)
