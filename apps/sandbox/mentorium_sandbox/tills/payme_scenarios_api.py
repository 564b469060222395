"""The page and the control call that run PayMe's lists against our webhook."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.tills.html_page import card, field, page, pretty
from mentorium_sandbox.tills.payme_link import BadLinkError, PaymeLink
from mentorium_sandbox.tills.payme_scenarios import Scenario, run
from mentorium_sandbox.tills.payme_till import PaymeTill

Json = dict[str, Any]


class PaymeScenariosApi:
    def __init__(self, till: PaymeTill) -> None:
        self._till = till

    def routes(self) -> list[web.AbstractRouteDef]:
        """To stand before the till's own, whose links may be anything."""
        return [
            web.post("/sandbox/payme/scenarios", self._run),
            web.get("/payme/scenarios", self._page),
            web.post("/payme/scenarios", self._run_page),
        ]

    async def _run(self, request: web.Request) -> web.StreamResponse:
        """With the links of two fresh orders, or with the id of a parent who makes them in the chat."""
        body = await RequestBody.of(request)
        user_id, link = body.optional_integer("user_id"), body.optional_text("link")
        if (user_id is None) == (link is None):
            refuse("say either user_id or link (and second_link)")
        scenarios = await self._scenarios(user_id, link, body.optional_text("second_link"))
        passed = all(step.passed for scenario in scenarios for step in scenario.steps)
        return web.json_response({"passed": passed, "scenarios": [scenario.view() for scenario in scenarios]})

    async def _scenarios(self, user_id: int | None, link: str | None, second: str | None) -> list[Scenario]:
        """Raises HTTPBadRequest, or HTTPConflict where the parent is offered no order."""
        links = [link or "", second or link or ""]
        if user_id is not None:
            links = [await self._till.merchant.fresh_link(user_id, "payme") for _ in range(2)]
        try:
            return await run(self._till, PaymeLink.read(links[0]), PaymeLink.read(links[1]))
        except BadLinkError as error:
            refuse(f"link: {error}")

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return _shown("", [])

    async def _run_page(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        user_id, link = str(form.get("user_id", "")).strip(), str(form.get("link", "")).strip()
        try:
            if not user_id.isascii() or not (user_id or "0").isdigit() or not (user_id or link):
                refuse("Give a parent's Telegram id, or the checkout link of an order.")
            second = str(form.get("second_link", "")).strip()
            scenarios = await self._scenarios(int(user_id) if not link else None, link or None, second or None)
        except web.HTTPClientError as error:
            return _shown(error.text or error.reason, [])
        return _shown("", scenarios)


def _shown(complaint: str, scenarios: Sequence[Scenario]) -> web.Response:
    steps = [step for scenario in scenarios for step in scenario.steps]
    wrong = sum(not step.passed for step in steps)
    verdict = "All steps passed" if not wrong else f"{wrong} of {len(steps)} steps did not pass"
    return page(
        "PayMe's scenarios",
        card(
            "<h1>PayMe's scenarios</h1>",
            '<p class="soft">What PayMe’s own sandbox asks of a merchant, run against our webhook.</p>',
            f'<p class="bad" role="alert">{html.escape(complaint)}</p>' if complaint else "",
            f'<p class="{"bad" if wrong else "good"}" role="status"><strong>{verdict}</strong></p>' if steps else "",
            '<form method="post">',
            field("user_id", "Telegram id of a parent, who orders twice in the chat", "700000001"),
            field("link", "Or the checkout link of a fresh order"),
            field("second_link", "and of another one for the second scenario"),
            "<button>Run</button></form>",
        ),
        *(_scenario(scenario) for scenario in scenarios),
    )


def _scenario(scenario: Scenario) -> str:
    rows = "".join(
        f"<details{'' if step.passed else ' open'}><summary>"
        f'<span class="{"good" if step.passed else "bad"}">{"✓" if step.passed else "✗ not passed:"}</span>'
        f'<b>{html.escape(step.title)}</b><span class="end">{html.escape(step.sent.method)}</span></summary>'
        f'<p class="soft">Expected: {html.escape(step.expected)}</p>'
        f"{pretty(step.sent.request)}{pretty(step.sent.answer)}</details>"
        for step in scenario.steps
    )
    return card(f"<h2>{html.escape(scenario.name)}</h2>", rows)
