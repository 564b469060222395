"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from mentorium_sandbox.broken_connection import hang_up, silence
from mentorium_sandbox.faults import Fault, Faults
from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import ApiError, bad_request, not_implemented, too_many_requests
from mentorium_sandbox.telegram.methods import GET_UPDATES, METHODS, SET_WEBHOOK, canonical
from mentorium_sandbox.telegram.methods.delivery import Remark, get_updates, set_webhook
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.webhooks import Circumstances


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: int
    body: dict[str, Any]

    @classmethod
    def well(cls, result: Any) -> _Outcome:
        if isinstance(result, Remark):
            return cls(200, {"ok": True, "result": True, "description": result.description})
        return cls(200, {"ok": True, "result": result})

    @classmethod
    def of(cls, error: ApiError) -> _Outcome:
        body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
        if error.retry_after is not None:
            body["parameters"] = {"retry_after": error.retry_after}
        return cls(error.status, body)

    @property
    def error(self) -> str | None:
        return None if self.body["ok"] else self.body["description"]

    def response(self) -> web.Response:
        headers = {}
        if (retry_after := self.body.get("parameters", {}).get("retry_after")) is not None:
            headers["Retry-After"] = str(retry_after)
        body = json.dumps(self.body, separators=(",", ":")).encode()
        return web.Response(body=body, status=self.status, content_type="application/json", headers=headers)


class BotApi:
    def __init__(self, world: TelegramWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/bot{token:[^/]+}/{method:[^/]*}", self._method),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self._file),
        ]

    async def _method(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self._world.authorise(request.match_info["token"])
            name = canonical(request.match_info["method"])
            if name is None:
                raise ApiError(404, "Not Found: method not found")
            call = Call(self._world, bot, await Parameters.read(request))
        except ApiError as error:
            return _Outcome.of(error).response()
        conversation = call.conversation()
        with nullcontext() if conversation is None else conversation.call_in_flight():
            fault = self._faults.take("telegram", name, background=name == GET_UPDATES)
            if fault is not None and fault.kind in ("timeout", "down"):
                return await self._no_answer(request, call, name, fault)
            outcome = await self._outcome(call, name, fault)
            if name == GET_UPDATES and self._faults.is_down("telegram"):
                hang_up(request)  # a poll that was open when Telegram went down must not bring updates
            self._note(call, name, outcome.status, outcome.error)
            return await self._answer(request, outcome, fault)

    async def _outcome(self, call: Call, name: str, fault: Fault | None) -> _Outcome:
        try:
            paid = call.parameters.flag("allow_paid_broadcast")
            chat_id = call.parameters.integer("chat_id")
            billed = self._world.limiter.is_billed(call.bot.id, name, paid=paid)
            if billed and not call.bot.stars.can_pay_for_request():
                raise bad_request("BALANCE_TOO_LOW")
            too_early = self._world.limiter.retry_after(call.bot.id, name, chat_id, paid=paid)
            if too_early is not None:
                raise too_many_requests(too_early)
            if fault is not None and (refusal := _refusal(fault)) is not None:
                raise refusal
            outcome = _Outcome.well(await self._perform(call, name))
            if billed:
                call.bot.stars.bill_request(self._world.now())
            return outcome
        except ApiError as error:
            return _Outcome.of(error)

    async def _perform(self, call: Call, name: str) -> Any:
        if name == GET_UPDATES:
            return await get_updates(call)
        if name == SET_WEBHOOK:
            return set_webhook(call, self._circumstances(call.bot))
        method = METHODS.get(name)
        if method is None:
            raise not_implemented(name)
        return method(call)

    def _circumstances(self, bot: Bot) -> Circumstances:
        answer = partial(self._in_a_response, bot)
        return Circumstances(self._world.now, answer, bot.remove_webhook, self._faults, self._world.webhook_pace)

    async def _in_a_response(self, bot: Bot, parameters: Parameters) -> None:
        """Carry out a call that the bot put into its answer to a delivery; it hears nothing of the outcome."""
        name = canonical(str(parameters.values.pop("method", "")))
        if name is not None:
            call = Call(self._world, bot, parameters)
            outcome = await self._outcome(call, name, None)
            self._note(call, name, outcome.status, outcome.error)

    async def _answer(self, request: web.Request, outcome: _Outcome, fault: Fault | None) -> web.StreamResponse:
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(self._faults.slow_s)
        if fault is not None and fault.kind == "drop_response":
            hang_up(request)
        return outcome.response()

    async def _no_answer(self, request: web.Request, call: Call, name: str, fault: Fault) -> web.StreamResponse:
        """The call is not carried out: the line is cut at once, or stays silent until the caller gives up."""
        self._note(call, name, None, fault.kind)
        if fault.kind == "timeout":
            await silence(request)
        hang_up(request)
        return web.Response(status=500)

    def _note(self, call: Call, name: str, status: int | None, error: str | None) -> None:
        self._world.journal.write(self._world.now(), call.bot.id, name, call.parameters, status, error)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Downloads are hit by the same faults, under the name of `file`."""
        try:
            self._world.authorise(request.match_info["token"])
        except ApiError as error:
            return _Outcome.of(error).response()
        fault = self._faults.take("telegram", "file")
        if fault is not None and fault.kind == "timeout":
            await silence(request)
        if fault is not None and fault.kind in ("timeout", "down", "drop_response"):
            hang_up(request)
        if fault is not None and (refusal := _refusal(fault)) is not None:
            return _Outcome.of(refusal).response()
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(self._faults.slow_s)
        file = self._world.files.by_path(request.match_info["path"])
        if file is None:
            return _Outcome.of(ApiError(404, "Not Found")).response()
        return web.Response(body=file.data, content_type=file.content_type)


def _refusal(fault: Fault) -> ApiError | None:
    """What Telegram answers instead of acting; None where the fault is of another kind."""
    if fault.kind == "status_429":
        return too_many_requests(fault.retry_after)
    return ApiError(500, "Internal Server Error") if fault.kind == "status_500" else None
