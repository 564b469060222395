"""The end of letters, in the webhook app: the link's page changes nothing, its one POST does (RFC 8058).

Mail servers and their scanners open links; only a person, or a mail client on their behalf, sends the POST.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mentorium_bot.page_edge import PageAnswer, page_edge
from mentorium_core.i18n import guess_language, t
from mentorium_core.notifications.email_channel import Unsubscribe
from mentorium_core.notifications.email_links import UNSUBSCRIBE_PATH
from mentorium_domain.enums import Language
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import LogThrottle

_ANSWERED_WITHIN_S: Final = 20
_LARGEST_CALL: Final = 4_096
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_STYLE: Final = (
    "body{margin:0;background:#eef1f4;color:#1b2733;font:17px/1.5 system-ui,sans-serif}"
    "main{max-width:30rem;margin:0 auto;padding:3rem 1.25rem}section{background:#fff;border-radius:12px;padding:1.5rem}"
    "p{margin:0 0 1.25rem}p:last-child{margin:0}"
    "button{font:inherit;width:100%;min-height:3rem;border:0;border-radius:8px;background:#33475b;color:#fff}"
)

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UnsubscribePages:
    unsubscribe: Unsubscribe
    strangers: LogThrottle = field(default_factory=LogThrottle)

    def routes(self) -> list[Route]:
        path = f"{UNSUBSCRIBE_PATH}/{{token}}"
        return [
            Route(path, _at_the_edge(self._show), methods=["GET"]),
            Route(path, _at_the_edge(self._end), methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        language = await self.unsubscribe.look(request.path_params["token"])
        if language is None:
            self._tell_of_stranger()
            return _page(_language_of(request), "email-page-over", HTTPStatus.NOT_FOUND)
        return _page(language, "email-page-question", HTTPStatus.OK, with_button=True)

    async def _end(self, request: Request) -> Response:
        """What a mail client sends along (`List-Unsubscribe=One-Click`) says nothing that the link does not."""
        if not await _is_small(request):
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers=_HEADERS)
        language = await self.unsubscribe(request.path_params["token"])
        if language is None:
            self._tell_of_stranger()
            return _page(_language_of(request), "email-page-over", HTTPStatus.NOT_FOUND)
        return _page(language, "email-page-done", HTTPStatus.OK)

    def _tell_of_stranger(self) -> None:
        """The link of an address that letters do not go to any more, or one that is not ours."""
        if calls := self.strangers.count():
            logger.info("refused", code="unsubscribe_link", calls=calls)


def _at_the_edge(answer: PageAnswer) -> PageAnswer:
    return page_edge(answer, _busy, event="unsubscribe_not_answered", within_s=_ANSWERED_WITHIN_S)


def _busy(request: Request) -> Response:
    return _page(_language_of(request), "email-page-busy", HTTPStatus.SERVICE_UNAVAILABLE)


async def _is_small(request: Request) -> bool:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > _LARGEST_CALL:
            return False
    return True


def _language_of(request: Request) -> Language:
    """Of a browser whose parent is not known."""
    return guess_language(request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip())


def _page(language: Language, key: str, status: HTTPStatus, *, with_button: bool = False) -> Response:
    nonce = secrets.token_urlsafe(16)
    button = f'<form method="post"><button>{escape(t(language, "email-page-button"))}</button></form>'
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><title>{escape(t(language, "email-page-title"))}</title>'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body><main><section><p>{escape(t(language, key))}</p>'
        f"{button if with_button else ''}</section></main></body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(text, status, {**_HEADERS, "Content-Security-Policy": policy})
