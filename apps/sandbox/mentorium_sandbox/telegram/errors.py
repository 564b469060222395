"""Refusals in Telegram's own words."""

from __future__ import annotations


class ApiError(Exception):
    """Answered as {"ok": false}; `retry_after` in seconds goes with 429."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def not_implemented(name: str) -> ApiError:
    """A gap of this stand-in, told loudly."""
    return bad_request(f"not implemented in this stand-in: {name}")


def cannot_parse(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


CHAT_NOT_FOUND = "chat not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
SET_WEBHOOK = "terminated by setWebhook request"
BLOCKED = "bot was blocked by the user"
