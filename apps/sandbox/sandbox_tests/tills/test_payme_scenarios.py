"""PayMe's lists, run against a shop that is right and against one that is not."""

from __future__ import annotations

from typing import Any

from sandbox_tests.tills.conftest import Street
from sandbox_tests.tills.test_payme_till import link

SECOND = "mnt765432abcdefg"


async def run(street: Street) -> Any:
    street.order()
    street.order(SECOND)
    return await street.post("/payme/scenarios", link=link(), second_link=link(SECOND))


async def test_a_right_merchant_passes_every_step(street: Street) -> None:
    told = await run(street)
    wrong = [step for scenario in told["scenarios"] for step in scenario["steps"] if not step["passed"]]
    assert wrong == []
    assert told["passed"] is True
    assert [len(scenario["steps"]) for scenario in told["scenarios"]] == [18, 11]
    assert street.shop.orders[SECOND].grants == 0
    assert street.shop.orders[SECOND].closed


async def test_one_order_is_enough(street: Street) -> None:
    """After the first list it waits for its payment again."""
    street.order()
    assert (await street.post("/payme/scenarios", link=link()))["passed"] is True


async def test_a_merchant_that_lets_everybody_pay_does_not_pass(street: Street) -> None:
    street.shop.careless = True
    told = await run(street)
    assert told["passed"] is False
    failed = {step["title"] for scenario in told["scenarios"] for step in scenario["steps"] if not step["passed"]}
    assert {"Wrong amount", "No such account"} <= failed


async def test_the_page_runs_them(street: Street) -> None:
    street.order()
    address = f"{street.url}/payme/scenarios"
    async with street.http.get(address) as answer:
        assert "Run" in await answer.text()
    async with street.http.post(address, data={"link": link(), "user_id": "700000001"}) as answer:
        assert "All steps passed" in await answer.text()
    for form in ({"link": "?"}, {}, {"user_id": "nobody"}, {"user_id": "5"}):
        async with street.http.post(address, data=form) as answer:
            assert answer.status == 200
            assert 'role="alert"' in await answer.text()
