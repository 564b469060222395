"""What the language model costs: a price table as data (`prices.json`), in US dollars a million tokens.

A dollar a million tokens is a millionth of a dollar a token: the figures of the table are micro-dollars a token.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """Micro-dollars a token. `is_known`: the table names the model; else it is a guess on the dear side."""

    input: Decimal
    output: Decimal
    is_known: bool = True

    def micro_usd(self, input_tokens: int, output_tokens: int) -> int:
        """What so many tokens cost, rounded up. What was read from the service's cache is not told apart."""
        return math.ceil(self.input * input_tokens + self.output * output_tokens)


def price_of(model: str) -> ModelPrice:
    """The price of a model; also where a date or a build stands behind its name: `gpt-6-luna-2026-09-01`."""
    table = _table()
    fitting = [name for name in table["models"] if model == name or model.startswith(f"{name}-")]
    found = table["models"][max(fitting, key=len)] if fitting else table["any_other"]
    return ModelPrice(Decimal(found["input"]), Decimal(found["output"]), is_known=bool(fitting))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(resources.files(__package__).joinpath("prices.json").read_text("utf-8"))
    return table
