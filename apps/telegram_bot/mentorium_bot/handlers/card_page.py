"""The card page's routes in the webhook app: a one-time link opens the page, and the page comes back once to be saved.

No card comes here: a call that is more than PayMe's token and the consent is refused unread.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mentorium_bot.page_edge import PageAnswer, page_edge
from mentorium_bot.services.payment.addresses import CallerAddresses
from mentorium_bot.views.card_page import CardSite, HtmlPage, card_page, closed_page
from mentorium_core.billing.card_page import CardSaved, OpenCardPage, SaveCard
from mentorium_core.i18n import guess_language
from mentorium_core.inbox.quota import PersonQuota, QuotaVerdict
from mentorium_domain.enums import Language
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import LogThrottle

CARD_PATH: Final = "/card"
SAVE_PATH: Final = f"{CARD_PATH}/save"
_AT_ONCE: Final = 30
_A_SECOND: Final = 0.5
_LARGEST_CALL: Final = 4_096
_ANSWERED_WITHIN_S: Final = 35
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_PREVIEWERS: Final = ("TelegramBot", "WhatsApp/", "facebookexternalhit/", "Twitterbot/", "Viber/", "Slackbot")
"""How messengers begin to name themselves when they look at a link that somebody has sent on; no browser does."""
_FIELDS: Final = {"page", "card", "consent"}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
}
_STATUSES: Final = {
    CardSaved.SAVED: HTTPStatus.OK,
    CardSaved.LINK_OVER: HTTPStatus.GONE,
    CardSaved.CARD_REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    CardSaved.NO_SUBSCRIPTION: HTTPStatus.CONFLICT,
    CardSaved.CONSENT_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    CardSaved.TRY_AGAIN: HTTPStatus.SERVICE_UNAVAILABLE,
}

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CardPages:
    """`addresses`: whose calls are counted together; each may come thirty times at once, then every two seconds."""

    site: CardSite
    open_page: OpenCardPage
    save_card: SaveCard
    addresses: CallerAddresses
    quota: PersonQuota = field(default_factory=lambda: PersonQuota(_AT_ONCE, _A_SECOND))
    held_back: LogThrottle = field(default_factory=LogThrottle)
    links_over: LogThrottle = field(default_factory=LogThrottle)
    strangers: LogThrottle = field(default_factory=LogThrottle)

    def routes(self) -> list[Route]:
        return [
            Route(SAVE_PATH, self._at_the_edge(self._save), methods=["POST"]),
            Route(f"{CARD_PATH}/{{token}}", self._at_the_edge(self._open), methods=["GET"]),
        ]

    def _at_the_edge(self, answer: PageAnswer) -> PageAnswer:
        unavailable = partial(self._busy, status=HTTPStatus.SERVICE_UNAVAILABLE)
        edge = page_edge(answer, unavailable, event="card_page_not_answered", within_s=_ANSWERED_WITHIN_S)

        async def within_quota(request: Request) -> Response:
            if not self._within_quota(request):
                if calls := self.held_back.count():
                    logger.warning("card_page_refused", reason="too_many", calls=calls)
                return self._busy(request, HTTPStatus.TOO_MANY_REQUESTS)
            return await edge(request)

        return within_quota

    async def _open(self, request: Request) -> Response:
        if request.method != "GET":  # HEAD: whoever only looks at a link does not open it
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={**_HEADERS, "Allow": "GET"})
        if _is_prefetch(request):
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=_HEADERS)
        page = await self.open_page(request.path_params["token"])
        if page is None:
            if calls := self.links_over.count():
                logger.info("refused", code="card_link_over", calls=calls)
            return _html(closed_page(_language_of(request)), HTTPStatus.GONE)
        logger.info("card_page_opened", tariff=page.tariff)
        return _html(card_page(page, self.site), HTTPStatus.OK)

    async def _save(self, request: Request) -> Response:
        origin = request.headers.get("Origin")
        if origin is not None and origin != origin_of(self.site.save_url):
            return self._turned_away("origin", HTTPStatus.FORBIDDEN)
        call = await _read(request)
        if call is None:
            return self._turned_away("no_call_of_the_page", HTTPStatus.BAD_REQUEST)
        outcome = await self.save_card(call["page"], call["card"], call["consent"])
        logger.info("card_page_saved", outcome=outcome)
        return _told(outcome, _STATUSES[outcome])

    def _turned_away(self, reason: str, status: HTTPStatus) -> Response:
        """What no page of ours has sent."""
        if calls := self.strangers.count():
            logger.warning("card_page_refused", reason=reason, calls=calls)
        return _told(None, status)

    def _busy(self, request: Request, status: HTTPStatus) -> Response:
        if request.method == "POST":
            return _told(CardSaved.TRY_AGAIN, status)
        return _html(closed_page(_language_of(request), busy=True), status)

    def _within_quota(self, request: Request) -> bool:
        key = _bucket_of(self.addresses.of(request))
        return self.quota.take(key, asyncio.get_running_loop().time()) is QuotaVerdict.ADMITTED


async def _read(request: Request) -> Mapping[str, str] | None:
    """The three texts that the page sends, and nothing else; None for any other body."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_CALL:
            return None
    try:
        call = json.loads(bytes(body))
    except (ValueError, RecursionError):
        return None
    if not isinstance(call, dict) or call.keys() != _FIELDS or not all(isinstance(one, str) for one in call.values()):
        return None
    return call


def _is_prefetch(request: Request) -> bool:
    """A browser that loads ahead what nobody has asked for, or a messenger that shows what a link leads to."""
    if request.headers.get("User-Agent", "").startswith(_PREVIEWERS):
        return True
    said = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in one or "preview" in one for one in map(str.lower, said))


def _language_of(request: Request) -> Language:
    """Of a browser whose parent is not known."""
    return guess_language(request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip())


def _bucket_of(address: str | None) -> int:
    """Whose bucket it is: an IPv6 network has one, and so have all whose address cannot be told."""
    if address is None:
        return 0
    read = ip_address(address)
    return int(read) >> 64 if isinstance(read, IPv6Address) else int(read)


def origin_of(url: str) -> str:
    """As a browser says it, however it is spelt in the settings."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    usual = parts.port in {None, _USUAL_PORTS.get(parts.scheme)}
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


def _html(page: HtmlPage, status: HTTPStatus) -> Response:
    return HTMLResponse(page.text, status, {**_HEADERS, "Content-Security-Policy": page.policy})


def _told(outcome: CardSaved | None, status: HTTPStatus) -> Response:
    return JSONResponse({"outcome": outcome}, status, _HEADERS)
