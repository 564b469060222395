"""The price table, and what a call is counted as."""

from __future__ import annotations

import pytest

from mentorium_ai_client import DEFAULT_MODEL, Finished, Restarted, StreamEvent, TextDelta, Usage, UserMessage
from mentorium_core.model_budget.metering import UsageMeter, estimate_of
from mentorium_core.model_budget.prices import price_of

LUNA = price_of("gpt-6-luna")


@pytest.mark.parametrize(
    ("model", "micro_usd"),
    [
        ("gpt-6-luna", 375),
        ("gpt-6-luna-2026-09-01", 375),
        ("gpt-5.6-luna", 800),
        ("gpt-5.4-mini", 3_000),
        ("gpt-6.1-terra", 3_750),
        ("gpt-6-sol", 7_500),
        ("gpt-6-astra", 37_500),
    ],
)
def test_one_reply_costs_what_the_table_of_prices_says(model: str, micro_usd: int) -> None:
    """2,500 tokens in and 250 out."""
    price = price_of(model)
    assert price.is_known
    assert price.micro_usd(2_500, 250) == micro_usd


def test_a_model_nobody_knows_is_counted_as_a_dear_one_and_said_to_be_unknown() -> None:
    for model in ("qwen-3", "gpt-6-lunatic", ""):
        assert not price_of(model).is_known
        assert price_of(model).micro_usd(1_000, 100) > LUNA.micro_usd(1_000, 100)


def test_the_default_model_has_a_price() -> None:
    assert price_of(DEFAULT_MODEL).is_known


def test_a_part_of_a_micro_dollar_is_counted_as_a_whole_one() -> None:
    assert [LUNA.micro_usd(tokens, 0) for tokens in (0, 1, 10, 11)] == [0, 1, 1, 2]


def test_an_estimate_counts_what_is_sent_and_the_longest_answer() -> None:
    estimate = estimate_of(LUNA, [UserMessage("How was last week? " * 50)], (), None, 400)
    assert 200 < estimate.input_tokens < 400
    assert estimate.output_tokens == 400
    assert estimate.micro_usd == LUNA.micro_usd(estimate.input_tokens, 400)


@pytest.mark.parametrize(
    ("events", "counted"),
    [
        ([], (0, 0)),
        ([TextDelta("Good."), Finished("stop", "m", Usage(90, 7))], (90, 7)),
        ([TextDelta("Good."), Finished("stop", "m", Usage())], (100, 2)),
        ([TextDelta("Good.")], (100, 2)),
        ([TextDelta("Good"), Restarted(), TextDelta("Good."), Finished("stop", "m", Usage(90, 7))], (190, 8)),
    ],
)
def test_what_was_used_is_the_services_count_or_ours(events: list[StreamEvent], counted: tuple[int, int]) -> None:
    """A call that never began is free; one that broke off or was stopped costs what had come of it."""
    estimate = estimate_of(LUNA, [UserMessage("How was last week?")], (), None, 400)
    meter = UsageMeter(LUNA, type(estimate)(100, 400, 210))
    for event in events:
        meter.hear(event)
    spent = meter.spent()
    assert (spent.input_tokens, spent.output_tokens) == counted
    assert spent.micro_usd == LUNA.micro_usd(*counted)
