"""What the columns of several tables have in common."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    CollectionAggregate,
    Enum,
    Numeric,
    String,
    any_,
    func,
    literal,
)
from sqlalchemy.orm import mapped_column

from mentorium_domain.enums import Currency
from mentorium_domain.money import TIYIN_A_SOUM
from mentorium_kit.trace import LENGTH

BigInt = Annotated[int, "bigint"]
Key = Annotated[int, mapped_column(primary_key=True)]
Written = Annotated[datetime, mapped_column(server_default=func.now())]
"""A moment the repositories always write themselves; the default serves rows made by hand."""
Trace = Annotated[str, mapped_column(String(LENGTH))]
"""What it followed from (`mentorium_kit.trace`); rows of the release before have none."""

Money = Numeric(10, 2)


def one_of(words: type[StrEnum], name: str, *, length: int) -> Enum:
    """A VARCHAR that a check constraint `name` keeps to the values of `words`; it reads back as their members."""
    return Enum(
        words,
        name=name,
        native_enum=False,
        length=length,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def amount_is_minor_units() -> CheckConstraint:
    """`amount` (soums, Stars) and `amount_minor` (tiyin, Stars) say the same."""
    undivided = f"WHEN '{Currency.XTR}' THEN 1 ELSE {TIYIN_A_SOUM}"
    return CheckConstraint(f"amount_minor = amount * CASE currency {undivided} END", name="amount_minor")


def among(ids: Collection[int]) -> CollectionAggregate[bool]:
    """`column == among(ids)`: one parameter, however many ids there are."""
    return any_(literal(list(ids), ARRAY(BigInteger)))
