"""What is kept of a card: nothing in a log, and nothing at all once the parent has everything erased.

How a card renews a subscription is lived through in `test_renewed_months.py`.
"""

from __future__ import annotations

from tests.e2e.card_page import card_link, give_card, new_card, read_page
from tests.e2e.purchases import of
from tests.e2e.renewing import bought_at_payme
from tests.e2e.sandbox import Sandbox


async def test_no_log_knows_a_card_and_erase_forgets_it_here_and_at_payme(world: Sandbox) -> None:
    parent = await bought_at_payme(world, "en")
    card = await new_card(world)
    link = await card_link(parent, "renew:on:monthly")
    assert await give_card(world, link, card) == "saved"
    rows = await of(
        world,
        parent,
        "SELECT x.card_token FROM saved_cards x JOIN parents p ON p.id = x.parent_id WHERE p.telegram_id = $1",
    )
    said = "".join(log.read_text() for log in (world.folder / "logs").glob("*.jsonl"))
    assert "card_page_opened" in said
    for secret in (card.number, rows[0][0], link.rpartition("/")[2]):
        assert secret not in said, "no log of ours knows a card, its token or a link"
    await parent.say("/erase")
    await parent.press("erase:yes")
    await world.advance_clock("PT5M")
    assert await world.rows("SELECT 1 FROM saved_cards WHERE card_token = $1", rows[0][0]) == []
    page = await read_page(world, await card_link(await bought_at_payme(world, "uz"), "renew:on:monthly"))
    headers = {"X-Auth": f"{page['payme']['merchant']}:{(await world.state())['keys']['payme']}"}
    call = {"id": 1, "method": "cards.check", "params": {"token": rows[0][0]}}
    async with world.http.post(page["payme"]["url"], json=call, headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == -31400, "there is no such card any more"
