"""A call of Click's SHOP-API from its bytes to its answer; what it changed and that it was asked are one commit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mentorium_bot.services.payment.click import (
    ClickKeys,
    ClickRefusal,
    Fields,
    answer,
    order_named,
    read_call,
    read_fields,
)
from mentorium_core.billing.click import CompleteClickPayment, PrepareClickPayment
from mentorium_core.billing.click_rules import ClickAction, ClickCall, ClickCode, ClickOutcome
from mentorium_core.billing.provider_calls import Answered, ProviderExchange, answer_in_one_commit, keep_exchange
from mentorium_domain.enums import ProviderName, WebhookStatus
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.retry import retry_conflicts
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import LogThrottle
from mentorium_observability.metrics import count_error

_MOST_LOST: Final = 2
"""So often an answer to COMMIT may be lost before Click is asked to come again."""
_LONGEST_KEPT: Final = 2_000
_REFUSALS_A_MINUTE: Final = 60
"""What anybody may send without the secret is kept so often and no oftener: nobody fills our disk with it."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClickRequest:
    """As it came over HTTP. `body`: None where it was larger than any call. `remote`: the caller's address."""

    action: ClickAction
    method: str
    query: bytes
    body: bytes | None
    remote: str | None = None


@dataclass(slots=True)
class ClickShop:
    """Our side of the SHOP-API."""

    keys: ClickKeys
    prepare: PrepareClickPayment = field(default_factory=PrepareClickPayment)
    complete: CompleteClickPayment = field(default_factory=CompleteClickPayment)
    strangers: LogThrottle = field(default_factory=LogThrottle)
    _refusals: list[float] = field(default_factory=list)

    async def __call__(self, request: ClickRequest) -> Answered:
        """What Click is answered, whatever came. It raises nothing of the database's: Click is told to come again."""
        fields = read_fields(request.method, request.query, request.body) if request.body is not None else None
        call = read_call(fields, request.action, self.keys)
        exchange, began = self._exchange(request), time.monotonic()

        def took_ms() -> int:
            return round((time.monotonic() - began) * 1000)

        try:
            if isinstance(call, ClickRefusal):
                refused = _answered(fields, request.action, ClickOutcome(call.code), WebhookStatus.REFUSED)
                self._tell_of_stranger(call.code)
                await self._keep_refusal(exchange, refused, took_ms())
                return refused
            return await self._in_one_commit(exchange, fields, request.action, call, took_ms)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error, of_payment=True)
            logger.error("click_not_answered_for", code=error.code, action=request.action.name.lower())
            code = call.code if isinstance(call, ClickRefusal) else ClickCode.FAILED_TO_UPDATE
            return _answered(fields, request.action, ClickOutcome(code), WebhookStatus.FAILED)

    def come_again(self, action: ClickAction) -> Answered:
        """For a call of which nobody can say what it was."""
        return _answered(None, action, ClickOutcome(ClickCode.FAILED_TO_UPDATE), WebhookStatus.FAILED)

    async def _in_one_commit(
        self,
        exchange: ProviderExchange,
        fields: Fields | None,
        action: ClickAction,
        call: ClickCall,
        took_ms: Callable[[], int],
    ) -> Answered:
        """Where the answer to COMMIT is lost, asking again finds what stands: an attempt is one however often named."""
        use_case = self.prepare if action is ClickAction.PREPARE else self.complete

        async def answering() -> Answered:
            return _answered(fields, action, await use_case(call))

        for _ in range(_MOST_LOST):
            try:
                return await retry_conflicts(lambda: answer_in_one_commit(exchange, answering, took_ms))
            except OutcomeUnknownError as error:
                count_error(error, of_payment=True)
                logger.warning("click_commit_lost", action=action.name.lower())
        return await retry_conflicts(lambda: answer_in_one_commit(exchange, answering, took_ms))

    def _tell_of_stranger(self, code: ClickCode) -> None:
        if code is ClickCode.SIGN_CHECK_FAILED and (calls := self.strangers.count()):
            logger.warning("click_stranger", calls=calls)

    async def _keep_refusal(self, exchange: ProviderExchange, refused: Answered, took_ms: int) -> None:
        now = time.monotonic()
        self._refusals = [moment for moment in self._refusals if now - moment < 60]
        if len(self._refusals) < _REFUSALS_A_MINUTE:
            self._refusals.append(now)
            await keep_exchange(exchange, refused, took_ms)

    def _exchange(self, request: ClickRequest) -> ProviderExchange:
        said = request.query if request.method == "GET" else request.body or b""
        return ProviderExchange(
            ProviderName.CLICK,
            request.action.name.lower(),
            said.decode("utf-8", "replace")[:_LONGEST_KEPT],
            request.remote,
            self.keys.all,
        )


def _answered(
    fields: Fields | None,
    action: ClickAction,
    outcome: ClickOutcome,
    status: WebhookStatus = WebhookStatus.ANSWERED,
) -> Answered:
    text = json.dumps(answer(fields, action, outcome))
    return Answered(text, order_named(fields), outcome.became, status)
