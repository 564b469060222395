"""Exponential back-off with jitter: how long to wait before the next retry. Each caller brings its own constants."""

from __future__ import annotations

_MOST_DOUBLINGS = 63  # of any first pause far past every cap, and never an overflow


def backoff_s(failures: int, first_s: float, longest_s: float, *, jitter: float = 0.0) -> float:
    """Seconds to wait after so many failures in a row (1, 2, ...): `first_s`, doubled each time up to `longest_s`.

    `jitter` is a share of the pause put on top of it, so that those who failed together do not come back together.
    """
    doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
    return min(first_s * 2.0**doublings, longest_s) * (1.0 + jitter)
