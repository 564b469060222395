"""Everything that one sandbox consists of: the stand-ins, the servers, and the real processes of the product."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
import asyncpg

from mentorium_sandbox.clock import SandboxClock
from mentorium_sandbox.databases import Databases, empty_folder
from mentorium_sandbox.faults import RELAYED, Faults
from mentorium_sandbox.fresh_order import fresh_link
from mentorium_sandbox.keys import Keys, load_or_make
from mentorium_sandbox.mailbox import Mailbox
from mentorium_sandbox.openai import OpenAIWorld
from mentorium_sandbox.product_process import StartProcess, start_interpreter
from mentorium_sandbox.school import School
from mentorium_sandbox.sentry import SentrySink
from mentorium_sandbox.settings import HOST, STAFF_ID, Settings, free_port
from mentorium_sandbox.shared_question import SharedQuestion
from mentorium_sandbox.supervised_processes import SupervisedProcess, SupervisedServer, say
from mentorium_sandbox.telegram import TelegramWorld, delivered, renew_what_is_due
from mentorium_sandbox.tills import Merchant, Tills
from mentorium_sandbox.time_travel import TimeTraveller


@dataclass(frozen=True, slots=True)
class Program:
    """A process of the product: its module, the port it tells its health on, and the variable that names the port."""

    module: str
    port: int
    port_variable: str


PROGRAMS = {
    "webhook": Program("mentorium_bot.webhook_app", 8001, "WEBHOOK_PORT"),
    "bot": Program("mentorium_bot.main", 8002, "BOT_HEALTH_PORT"),
    "worker": Program("mentorium_reporting.main", 8003, "WORKER_HEALTH_PORT"),
}
_UPDATES_PATH = "/webhooks/telegram"
_ONCE_A_MINUTE = 60.0


@dataclass(slots=True)
class Sandbox:
    """Everything one sandbox consists of."""

    settings: Settings
    keys: Keys
    clock: SandboxClock
    databases: Databases
    telegram: TelegramWorld
    openai: OpenAIWorld
    faults: Faults
    school: School
    sentry: SentrySink
    mailbox: Mailbox
    start_process: StartProcess = start_interpreter
    tills: Tills = field(init=False)
    parts: dict[str, SupervisedProcess] = field(default_factory=dict)
    servers: dict[str, SupervisedServer] = field(default_factory=dict)
    guardians: dict[int, int] = field(default_factory=dict)
    first_family_ready: bool = False
    _supervisors: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def prepare(cls, settings: Settings, start_process: StartProcess = start_interpreter) -> Sandbox:
        empty_folder(settings)
        clock = SandboxClock(settings.folder / "clock")
        keys = load_or_make(settings.folder / "keys.json")
        faults = Faults(out_of_reach=RELAYED if settings.direct else frozenset())
        telegram = TelegramWorld(clock.now, store=settings.folder / "telegram.sqlite")
        telegram.limiter.on = settings.telegram_limits
        telegram.add_bot(keys.telegram_token, "MentoriumSandboxBot")
        settings.address_file.write_text(settings.url, encoding="utf-8")
        sandbox = cls(
            settings=settings,
            keys=keys,
            clock=clock,
            databases=Databases(settings, clock, faults, start_process),
            telegram=telegram,
            openai=OpenAIWorld(clock.now, spoken_in=telegram.files.spoken_in),
            faults=faults,
            school=School(keys.link, clock.now, foreign=settings.foreign_platform_db is not None),
            sentry=SentrySink(clock.now),
            mailbox=Mailbox(clock.now, faults, lambda: telegram.events.tell({"type": "world"})),
            start_process=start_process,
        )
        telegram.is_busy = SharedQuestion(sandbox.bot_is_busy)
        sandbox.tills = Tills(sandbox.merchant())
        return sandbox

    def merchant(self) -> Merchant:
        """What PayMe and Click know of us."""
        keys = self.keys
        return Merchant(
            now=self.clock.now,
            faults=self.faults,
            webhook_url=lambda: self.webhook_url,
            payme_id=keys.payme_merchant_id,
            payme_key=keys.payme,
            click_service_id=keys.click_service_id,
            click_merchant_id=keys.click_merchant_id,
            click_merchant_user_id=keys.click_merchant_user_id,
            click_secret=keys.click_secret,
            fresh_link=lambda user_id, provider: fresh_link(self.settings.url, user_id, provider),
        )

    @property
    def webhook_url(self) -> str:
        """Where the webhook app serves, or will."""
        part = self.parts.get("webhook")
        return part.url if part is not None else f"http://{HOST}:{PROGRAMS['webhook'].port}"

    @property
    def mode(self) -> str:
        """How the bot gets its updates, in the words of `BOT_MODE`."""
        return "webhook" if self.settings.webhook else "polling"

    @property
    def updates_url(self) -> str | None:
        """Where Telegram's updates are taken; None while the bot polls."""
        return f"{self.webhook_url}{_UPDATES_PATH}" if self.settings.webhook else None

    async def bot_is_busy(self) -> bool:
        """Whether the bot says that it has an update or an answer in hand; one that says nothing is not asked twice."""
        part = self.parts.get("bot")
        if part is None or not part.runs:
            return False
        async with aiohttp.ClientSession() as http:
            return (await part.health(http)).get("busy", 0) != 0

    def time_traveller(self) -> TimeTraveller:
        return TimeTraveller(self.clock, self.parts, self.advance_world, self.world_due)

    def world_due(self) -> datetime | None:
        """When something outside the product happens by itself, aware."""
        due = (self.telegram.stars_due(), self.tills.next_due())
        return min((moment for moment in due if moment is not None), default=None)

    async def advance_world(self) -> None:
        """Bring what lives outside the product up to the clock: subscriptions, open tills, the school that is ours."""
        await delivered(renew_what_is_due(self.telegram))
        await self.tills.go_on()
        if self.settings.foreign_platform_db is None:
            await self.school.advance_school()
        self.telegram.events.tell({"type": "world"})

    async def keep_advancing_world(self) -> None:
        """The world goes on while real time passes; until it is cancelled."""
        while True:
            await asyncio.sleep(_ONCE_A_MINUTE)
            try:
                await self.advance_world()
            except (OSError, asyncpg.PostgresError) as error:
                say(f"the school stands still: {type(error).__name__}")

    async def start_databases(self) -> None:
        await self.mailbox.open(HOST)
        await self.databases.start()
        self.servers = self.databases.servers()
        self._supervise(*self.servers.values())
        for target, switch in self.databases.read_only_switches().items():
            self._keep(switch.keep(), f"read-only {target}")
        if self.settings.foreign_platform_db is None:
            self.school.dsn = self.databases.platform

    def environment(self) -> dict[str, str]:
        """What the product's processes are configured with: the same variables as in production."""
        settings = self.settings
        metrics = settings.folder / "metrics"
        metrics.mkdir(exist_ok=True)
        return {
            **os.environ,
            "BOT_TELEGRAM_TOKEN": self.keys.telegram_token,
            "BOT_TELEGRAM_API_URL": settings.url,
            "BOT_OPENAI_API_KEY": self.keys.openai,
            "BOT_OPENAI_BASE_URL": f"{settings.url}/openai/v1",
            "OPENAI_ZERO_DATA_RETENTION_CONFIRMED": "true",
            "BOT_DB_URL": self.databases.bot_for_product,
            "PLATFORM_DB_URL": self.databases.platform_for_product,
            "PLATFORM_LINK_KEY": self.keys.link,
            "REDIS_URL": self.databases.redis_for_product,
            "BOT_MODE": self.mode,
            **self._webhook_settings(),
            "SPEECH_ENGINE": os.environ.get("SPEECH_ENGINE", "espeak"),
            "TRANSCRIPTION_MODEL": os.environ.get("TRANSCRIPTION_MODEL", "gpt-transcribe"),
            "SMTP_URL": f"smtp://{HOST}:{self.mailbox.port}",
            "CLOCK_FILE": str(self.clock.path),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            **self._payment_settings(),
            "SENTRY_DSN": f"http://sandbox@{HOST}:{settings.port}/1",
            "PYTHONUNBUFFERED": "1",
        }

    def _webhook_settings(self) -> dict[str, str]:
        if self.updates_url is None:
            return {}
        return {"BOT_WEBHOOK_URL": self.updates_url, "BOT_WEBHOOK_SECRET": self.keys.webhook}

    def _payment_settings(self) -> dict[str, str]:
        url, keys = self.settings.url, self.keys
        return {
            "PAYMENT_PROVIDERS": os.environ.get("PAYMENT_PROVIDERS", "stars,payme,click"),
            "PUBLIC_URL": self.webhook_url,
            "PAYME_MERCHANT_ID": keys.payme_merchant_id,
            "PAYME_SECRET_KEY": keys.payme,
            "PAYME_CHECKOUT_URL": f"{url}/payme",
            "PAYME_API_URL": f"{url}/payme/api",
            "CLICK_SERVICE_ID": keys.click_service_id,
            "CLICK_MERCHANT_ID": keys.click_merchant_id,
            "CLICK_MERCHANT_USER_ID": keys.click_merchant_user_id,
            "CLICK_SECRET_KEY": keys.click_secret,
            "CLICK_PAY_URL": f"{url}/click/services/pay",
            "CLICK_API_URL": f"{url}/click/v2/merchant",
            "FISCAL_IKPU": "10305008003000000",
            "FISCAL_PACKAGE_CODE": "1209885",
            "FISCAL_VAT_PERCENT": "12",
            "FISCAL_TIN": "302345678",
            "STAFF_CHAT_ID": str(STAFF_ID),
            "CRISIS_HELP_LINES": "+998710000000 (demo)",
        }

    def start_parts(self) -> None:
        taken: set[int] = set()
        for name, program in PROGRAMS.items():
            # the webhook app comes first, and the others are told where it listens
            self.parts[name] = SupervisedProcess(
                name=name,
                module=program.module,
                environment=self.environment,
                port=free_port(program.port, taken),
                port_variable=program.port_variable,
                log_file=self.settings.logs / f"{name}.jsonl",
                start_process=self.start_process,
            )
        self._supervise(*self.parts.values())
        self._keep(self.keep_advancing_world(), "keep living")

    def _supervise(self, *parts: SupervisedProcess | SupervisedServer) -> None:
        for part in parts:
            self._keep(part.supervise(), f"supervise {part.name}")

    def _keep(self, work: Coroutine[object, object, None], name: str) -> None:
        self._supervisors.append(asyncio.create_task(work, name=name))

    async def health(self) -> dict[str, str]:
        """`ok`, or what is wrong, for each part."""
        async with aiohttp.ClientSession() as http:
            states = {name: await part.state(http) for name, part in self.parts.items()}
        family = {"first_family": "ok" if self.first_family_ready else "settling in"}
        databases = await self.databases.state()
        stopped = {name: "stopped" for name, server in self.servers.items() if server.held}
        return {**states, **databases, **stopped, **family}

    async def wait_until_parts_serve(self) -> None:
        async with aiohttp.ClientSession() as http:
            while any([await part.state(http) != "ok" for part in self.parts.values()]):
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        await asyncio.gather(*(part.stop() for part in self.parts.values()))
        for supervisor in self._supervisors:
            supervisor.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        await self.databases.stop()
        await self.mailbox.close()
