"""The edge of the web pages that a parent opens from a message: whatever goes wrong, the page says to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from mentorium_kit.errors import MentoriumError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

PageAnswer = Callable[[Request], Awaitable[Response]]

logger = get_logger(__name__)


def page_edge(answer: PageAnswer, busy: Callable[[Request], Response], *, event: str, within_s: float) -> PageAnswer:
    """`answer`; `busy` in its place where it fails or takes longer than `within_s` seconds. `event`: for the log."""

    async def guarded(request: Request) -> Response:
        try:
            async with asyncio.timeout(within_s):
                return await answer(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # an edge: whatever it is, the page says to come again
            count_error(error)
            code = error.code if isinstance(error, MentoriumError) else type(error).__name__
            logger.error(event, code=code, exc_info=not isinstance(error, MentoriumError))
            return busy(request)

    return guarded
