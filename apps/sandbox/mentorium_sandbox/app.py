"""The one HTTP application of the sandbox: every stand-in, the control API, and the chat page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from mentorium_sandbox import faults, mailbox, openai, outbox, school, sentry, simulation_api, telegram
from mentorium_sandbox.control_api import Handler, RequestBody, errors_as_json
from mentorium_sandbox.first_family import account_at_school
from mentorium_sandbox.grants import grant
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import HOST

_PAGE = Path(__file__).parent / "page"


def build_app(sandbox: Sandbox) -> web.Application:
    app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[_only_local, errors_as_json])
    app.add_routes(telegram.routes(sandbox.telegram, sandbox.faults))
    app.add_routes(openai.routes(sandbox.openai, sandbox.faults))
    app.add_routes(faults.routes(sandbox.faults))
    app.add_routes(school.routes(sandbox.school))
    app.add_routes(sentry.routes(sandbox.sentry))
    app.add_routes(mailbox.routes(sandbox.mailbox))
    app.add_routes(outbox.routes(sandbox.databases))
    app.add_routes(simulation_api.routes(sandbox))
    app.add_routes(sandbox.tills.routes())
    app.add_routes(_own_routes(sandbox))
    app.router.add_static("/page", _PAGE)
    app.on_shutdown.append(lambda _: _end_waiting(sandbox))
    return app


async def _end_waiting(sandbox: Sandbox) -> None:
    """Long polls and event streams would keep the server from closing."""
    sandbox.telegram.close()


def _own_routes(sandbox: Sandbox) -> list[web.RouteDef]:
    async def page(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE / "index.html")

    async def health(_: web.Request) -> web.StreamResponse:
        parts = await sandbox.health()
        ready = sandbox.first_family_ready and all(state == "ok" for state in parts.values())
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    async def state(_: web.Request) -> web.StreamResponse:
        return web.json_response(_state(sandbox))

    async def give(request: web.Request) -> web.StreamResponse:
        outcome = await grant(sandbox, request.match_info["id"], await RequestBody.of(request))
        return web.json_response({"output": outcome})

    return [
        web.get("/", page),
        web.get("/sandbox/health", health),
        web.get("/sandbox/state", state),
        web.post("/sandbox/users/{id}/grant", give),
    ]


def _state(sandbox: Sandbox) -> dict[str, object]:
    keys = sandbox.keys
    webhook = sandbox.webhook_url
    return {
        "now": sandbox.clock.now().isoformat(),
        "users": [{**user, **account_at_school(sandbox, user["id"])} for user in sandbox.telegram.describe_users()],
        "bot": {"username": sandbox.telegram.username(keys.bot_id), "mode": sandbox.mode},
        "urls": {
            "webhook": webhook,
            "telegram": sandbox.updates_url,
            "mini_app": None,
            "admin": None,
            "metrics": f"{webhook}/metrics",
        },
        "limits": {"telegram": sandbox.telegram.limiter.on},
        "databases": {"bot": sandbox.databases.bot, "platform": sandbox.databases.platform},
        "keys": {
            "payme": keys.payme,
            "click_secret": keys.click_secret,
            "click_service_id": keys.click_service_id,
            "telegram_token": keys.telegram_token,
        },
    }


@web.middleware
async def _only_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of the wide web must not drive the sandbox through the visitor's browser (DNS rebinding)."""
    if request.url.host not in {HOST, "localhost"}:
        raise web.HTTPForbidden(text=f"the sandbox answers only as {HOST} or localhost")
    return await handler(request)
