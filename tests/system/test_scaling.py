"""Two webhook apps and two bots behind nginx, under steady load, while each of them is restarted, and one is killed.

nginx is Debian's, with our sample configuration; Telegram is the sandbox's, which sends webhooks over TLS as the real
one does: one after the other in a chat, and again whatever was not taken.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import signal
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from mentorium_core.i18n import t
from mentorium_sandbox.client import FakeParent
from mentorium_sandbox.settings import free_port
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.instances import Instance, Proxy, make_certificate, proxy
from tests.fixtures.long_form import in_form
from tests.fixtures.patience import HANGS_AFTER_S
from tests.hardship.second_process import environment_of

WORDS: Final = ("/help", "/terms", "/privacy")
"""Three commands with three answers: which answers a chat has says in which order its messages were handled."""
IN_DOUBT: Final = "?"
CHATS: Final = in_form(short=60, long=300)
"""Of fewer than 60 each would write more than a message a second, which is what a person may."""
_IN_A_ROW: Final = 3
_A_SECOND: Final = 60.0
_MOST_WAITING: Final = 90
"""Updates that are not handled yet: on a busy machine the load gives way, as people who wait for an answer do."""
ASKERS: Final = 4
QUESTION: Final = "How did studying go last week?"
PROTECTING: Final = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; [^,]*frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(slots=True)
class Cluster:
    sandbox: Sandbox
    proxy: Proxy
    apps: list[Instance]
    bots: list[Instance]
    secret: str
    database: asyncpg.Pool

    async def inbox(self, condition: str) -> int:
        """How many updates, ended ones among them, are so."""
        return int(await self.database.fetchval(f"SELECT count(*) FROM inbox WHERE {condition}"))


@pytest_asyncio.fixture(scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """The sandbox's own bot and webhook app give way to two of each, which know Telegram by nginx's address."""
    folder = tmp_path_factory.mktemp("cluster")
    certificate, key = make_certificate(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))  # Telegram's trust
        async with running_sandbox(folder / "sandbox", "--webhook") as sandbox:
            environment = environment_of(sandbox, "mentorium_bot.main")
            await asyncio.gather(sandbox.stop_part("bot"), sandbox.stop_part("webhook"))
            # below those that the system gives to whoever connects: they must be free at each start
            taken: set[int] = set()
            *ports, entrance = [free_port(18_100 + number, taken) for number in range(5)]
            environment["BOT_WEBHOOK_URL"] = f"https://localhost:{entrance}/webhooks/telegram"
            environment["TRUSTED_PROXY_HEADER"] = "X-Real-IP"
            modules = ["mentorium_bot.webhook_app"] * 2 + ["mentorium_bot.main"] * 2
            instances = [
                Instance(module, port, environment, folder / f"{number}")
                for number, (module, port) in enumerate(zip(modules, ports, strict=True))
            ]
            async with proxy(folder / "nginx", entrance, ports[:2], certificate, key) as outside:
                try:
                    await asyncio.gather(*(one.start() for one in instances))
                    secret, dsn = environment["BOT_WEBHOOK_SECRET"], (await sandbox.state())["databases"]["bot"]
                    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as database:
                        yield Cluster(sandbox, outside, instances[:2], instances[2:], secret, database)
                finally:
                    await asyncio.gather(*(one.stop() for one in instances))


@dataclass(slots=True)
class Load:
    """Many chats write, a few messages in a row each, at a steady pace until it is told to end."""

    sandbox: Sandbox
    chats: list[int]
    handled: Callable[[], Awaitable[int]]
    sent: dict[int, list[str]] = field(default_factory=dict)
    ending: bool = False
    _dice: random.Random = field(default_factory=lambda: random.Random(15))

    async def run(self) -> None:
        """Each chat has its turn, and another while it is not over."""
        clock = asyncio.get_running_loop()
        for turn in itertools.count():
            for chat in self.chats:
                if self.ending and turn:
                    return
                next_at = clock.time() + _IN_A_ROW / _A_SECOND
                for word in self._dice.choices(WORDS, k=_IN_A_ROW):
                    await self.sandbox.call("POST", f"users/{chat}/messages", {"text": word, "wait_s": 0})
                    self.sent.setdefault(chat, []).append(word)
                await asyncio.sleep(next_at - clock.time())
                while self.total - await self.handled() > _MOST_WAITING:
                    await asyncio.sleep(0.1)

    @property
    def total(self) -> int:
        return sum(map(len, self.sent.values()))


async def texts_of_bot(sandbox: Sandbox, chat: int) -> list[str]:
    messages = (await sandbox.call("GET", f"users/{chat}/chat"))["messages"]
    return [str(one.get("text_plain")) for one in messages if one["from"]["is_bot"]]


async def answers_to_words(sandbox: Sandbox) -> dict[str, str]:
    """Which word an answer belongs to, in each language that a stranger may be greeted in."""
    belongs = {}
    for language in ("uz", "ru", "en"):
        stranger = await sandbox.parent(language)
        for word in WORDS:
            (answer,) = await stranger.say(word, wait_s=HANGS_AFTER_S)
            belongs[str(answer["text_plain"])] = word
        belongs[t(language, "inbox-answer-in-doubt")] = IN_DOUBT
    assert len(belongs) == 3 * (len(WORDS) + 1)
    return belongs


async def askers(sandbox: Sandbox) -> list[FakeParent]:
    parents = [FakeParent(sandbox, user, "en") for user in await sandbox.parents(ASKERS, registered=True)]
    for parent in parents:
        await sandbox.give(parent.id, "monthly")
    async with asyncio.timeout(HANGS_AFTER_S):  # they are told of it, which is no answer
        while await sandbox.rows("SELECT id FROM notifications WHERE status IN ('pending', 'sending')"):
            await asyncio.sleep(0.1)
    return parents


async def ask(parents: list[FakeParent]) -> None:
    await asyncio.gather(*(parent.say(QUESTION, wait_s=0) for parent in parents))


async def until_drained(cluster: Cluster, parents: list[FakeParent]) -> None:
    """Telegram has nothing more to bring, and nothing that it brought is left."""
    ids = [parent.id for parent in parents]
    open_ones = "SELECT id FROM dialogs WHERE parent_telegram_id = ANY($1) AND status NOT IN ('answered', 'failed')"
    async with asyncio.timeout(HANGS_AFTER_S):
        while (
            await pending(cluster)
            or await cluster.inbox("status <> 'ended'")
            or await cluster.sandbox.rows(open_ones, ids)
        ):
            await asyncio.sleep(0.2)


async def pending(cluster: Cluster) -> int:
    """Updates that Telegram has still to bring."""
    token = (await cluster.sandbox.state())["keys"]["telegram_token"]
    async with cluster.sandbox.http.get(f"{cluster.sandbox.url}/bot{token}/getWebhookInfo") as answer:
        return int((await answer.json())["result"]["pending_update_count"])


async def told_in_doubt(cluster: Cluster, load: Load, belongs: dict[str, str]) -> int:
    """How many were told that an answer may not have arrived. Each chat has all others once, in the order it wrote."""
    told = 0
    for chat, sent in load.sent.items():
        heard = [belongs[text] for text in await texts_of_bot(cluster.sandbox, chat)]
        told += heard.count(IN_DOUBT)
        assert are_answers(sent, heard), (chat, sent, heard)
    return told


def are_answers(sent: list[str], heard: list[str]) -> bool:
    """Whether each word of `sent` was answered once, in order; in doubt, it may be unanswered, but not unheard of."""
    at, told = 0, 0
    for word in [*heard, None]:
        if word == IN_DOUBT:
            told += 1
            continue
        while at < len(sent) and word != sent[at] and told:
            at, told = at + 1, told - 1  # said to be in doubt, and not there
        if word is None:
            return at == len(sent)
        if at == len(sent) or word != sent[at]:
            return False
        at += 1
    return False


@pytest.mark.parametrize(
    ("heard", "fits"),
    [
        *(("ab", True), ("a?b", True), ("ab?", True), ("?b", True), ("a?", True), ("??", True)),
        *(("a", False), ("ba", False), ("aab", False), ("abb", False), ("b", False), ("ab?b", False)),
    ],
)
async def test_what_counts_as_answered_once_and_in_order(heard: str, fits: bool) -> None:
    assert are_answers(list("ab"), list(heard.replace("?", IN_DOUBT))) is fits


async def test_restarts_and_kills_lose_and_double_nothing(cluster: Cluster) -> None:
    sandbox = cluster.sandbox
    belongs = await answers_to_words(sandbox)
    parents = await askers(sandbox)
    heard_before = {parent.id: len(await texts_of_bot(sandbox, parent.id)) for parent in parents}
    known = await cluster.inbox("true")
    ended = await cluster.inbox("status = 'ended'")

    async def handled() -> int:
        return await cluster.inbox("status = 'ended'") - ended

    load = Load(sandbox, await sandbox.parents(CHATS), handled)
    writing = asyncio.create_task(load.run())
    try:
        await ask(parents)
        for app in cluster.apps:
            await app.restart()
        cluster.proxy.reload()
        for bot in cluster.bots:
            await bot.restart()
        assert await cluster.inbox("tries > 1") == 0  # nobody died, nobody's work was done again
        await ask(parents)
        await cluster.apps[0].restart(signal.SIGKILL)
        await ask(parents)
        await cluster.bots[0].restart(signal.SIGKILL)
    finally:
        load.ending = True
        await writing
    await until_drained(cluster, parents)

    died_with_it = await cluster.inbox("tries > 1")
    assert await cluster.inbox("true") == known + load.total + 3 * len(parents)
    in_doubt = await told_in_doubt(cluster, load, belongs)
    assert in_doubt <= died_with_it
    for parent in parents:
        rows = await sandbox.rows("SELECT status, tries FROM dialogs WHERE parent_telegram_id = $1", parent.id)
        assert [row["status"] for row in rows] == ["answered"] * 3
        again = sum(row["tries"] > 1 for row in rows)
        heard = (await texts_of_bot(sandbox, parent.id))[heard_before[parent.id] :]
        words = t(parent.language, "inbox-answer-in-doubt")
        assert len([text for text in heard if text != words]) <= 3 <= len(heard) <= 3 + again
    told = [call["params"].get("url") for call in await sandbox.bot_calls("setWebhook") if call["status"] == 200]
    assert told.count(f"{cluster.proxy.url}/webhooks/telegram") == 1
    assert not [line for one in (*cluster.apps, *cluster.bots) for line in one.log.splitlines() if "Traceback" in line]
    print(
        f"{load.total} updates of {CHATS} chats; {died_with_it} were in hand of the bot that was killed, {in_doubt} of"
        " them in doubt"
    )


async def test_known_parents_are_served_while_redis_is_away(cluster: Cluster) -> None:
    """Degraded, not dead: each bot says so with 200, and answers."""
    (parent, *others), sandbox = await askers(cluster.sandbox), cluster.sandbox
    async with sandbox.part_away("redis"):
        for one in (parent, *others):
            assert await one.say("/help", wait_s=HANGS_AFTER_S)
        for bot in cluster.bots:
            async with sandbox.http.get(f"http://127.0.0.1:{bot.port}/health") as answer:
                assert (answer.status, (await answer.json())["status"]) == (200, "degraded")
        assert await parent.say(QUESTION, wait_s=HANGS_AFTER_S)


def trusting(proxy: Proxy) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=proxy.authority))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/metrics", 404),
        ("GET", "/health", 404),
        ("GET", "/health/ready", 404),
        ("GET", "/", 404),
        ("POST", "/webhooks/telegram", 401),
        ("POST", "/webhooks/telegram/../../metrics", 404),
        ("POST", "/webhooks/payme", 200),
        ("POST", "/webhooks/click/prepare", 200),
        ("GET", "/card/no-such-token", 410),
        ("GET", "/mail/unsubscribe/no-such-token", 404),
    ],
)
async def test_the_outside_sees_webhooks_and_pages_alone(cluster: Cluster, method: str, path: str, status: int) -> None:
    async with (
        aiohttp.ClientSession(connector=trusting(cluster.proxy)) as http,
        http.request(method, f"{cluster.proxy.url}{path}", data=b"{}") as answer,
    ):
        assert answer.status == status, await answer.text()
        assert answer.headers["Server"] == "nginx"


async def test_a_body_that_nobody_sends_is_refused_at_the_door(cluster: Cluster) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": cluster.secret}
    async with (
        aiohttp.ClientSession(connector=trusting(cluster.proxy)) as http,
        http.post(f"{cluster.proxy.url}/webhooks/telegram", data=BytesIO(b" " * 1_100_000), headers=headers) as answer,
    ):
        assert answer.status == 413


async def test_the_address_of_a_page_stands_in_no_log(cluster: Cluster) -> None:
    async with aiohttp.ClientSession(connector=trusting(cluster.proxy)) as http:
        query = "/webhooks/click/prepare?sign_string=a-secret-token"
        for path in ("/card/a-secret-token", "/mail/unsubscribe/a-secret-token", query, "/webhooks/none"):
            async with http.get(f"{cluster.proxy.url}{path}"):
                pass
    async with asyncio.timeout(HANGS_AFTER_S):  # nginx writes a line after whoever asked has had the answer
        while "/webhooks/none" not in (written := _written(cluster.proxy.folder)):
            await asyncio.sleep(0.05)
    assert "a-secret-token" not in written
    assert "GET /webhooks/click/prepare" in written


@pytest.mark.parametrize(
    "path", ["/", "/webhooks/telegram", "/webhooks/payme", "/webhooks/none", "/card/no-such-token", "/card/a/b"]
)
async def test_each_answer_protects_the_browser_once(cluster: Cluster, path: str) -> None:
    """Of nginx, of the framework, of a webhook, of a page. Two policies at once would be the narrower of both."""
    async with (
        aiohttp.ClientSession(connector=trusting(cluster.proxy)) as http,
        http.get(f"{cluster.proxy.url}{path}") as answer,
    ):
        once = {name: ", ".join(answer.headers.getall(name, [])) for name in PROTECTING}
    assert {name: said for name, said in once.items() if not re.fullmatch(PROTECTING[name], said)} == {}


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA"])
async def test_an_old_cipher_is_not_spoken(cluster: Cluster, cipher: str) -> None:
    old = ssl.create_default_context(cafile=cluster.proxy.authority)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.set_ciphers(f"{cipher}:@SECLEVEL=0")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=old)) as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{cluster.proxy.url}/")


def _written(folder: Path) -> str:
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("access.log", "nginx.out"))


async def test_what_a_caller_says_of_its_address_is_not_believed(cluster: Cluster) -> None:
    told: dict[str, Any] = {"X-Real-IP": "185.234.113.1", "X-Forwarded-For": "185.234.113.1"}
    async with (
        aiohttp.ClientSession(connector=trusting(cluster.proxy)) as http,
        http.post(f"{cluster.proxy.url}/webhooks/payme", data=b"{}", headers=told) as answer,
    ):
        assert answer.status == 200
    assert "185.234.113.1" not in "".join(app.log for app in cluster.apps)
