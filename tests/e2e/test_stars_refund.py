"""What Telegram gives back of Stars. How they renew a subscription is lived through in `test_renewed_months.py`."""

from __future__ import annotations

from tests.e2e.buying import newcomer
from tests.e2e.purchases import payments, subscription
from tests.e2e.renewing import subscribed_in_stars
from tests.e2e.sandbox import Sandbox


async def test_a_refund_by_telegram_takes_back_access_and_a_request_reaches_somebody(world: Sandbox) -> None:
    parent = await newcomer(world, "ru")
    charge_id = await subscribed_in_stars(parent)
    state = await world.state()
    async with world.http.post(
        f"{world.url}/bot{state['keys']['telegram_token']}/refundStarPayment",
        json={"user_id": parent.id, "telegram_payment_charge_id": charge_id},
    ) as answer:
        assert answer.status == 200, await answer.text()
    await world.advance_clock("PT1M")
    assert await payments(world, parent) == ["REFUNDED"]
    assert await subscription(world, parent) == ("CANCELLED", False)
    (told,) = await parent.say("/paysupport")
    assert told["text_plain"]
