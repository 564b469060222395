"""Records of which a batch makes thousands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Record = TypeVar("Record")


@dataclass_transform(frozen_default=True)
def bulk_record(*, kw_only: bool = False) -> Callable[[type[Record]], type[Record]]:
    """A dataclass with slots, compared and hashed by its fields, that nobody may change: the type checker holds that.

    `dataclass(frozen=True)` holds it at run time as well, and takes up to five times as long to make each instance: a
    quarter of the time in which the facts of a school are mapped (`benchmarks/facts.py`). For all else take that.
    """
    return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)
