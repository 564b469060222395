"""Sleeps for so many seconds, says its environment, and ends with 7."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    time.sleep(float(words[0]))
    print(os.environ["NAME"], "in", os.getcwd())  # noqa: PTH109 - what was asked for
    return 7
