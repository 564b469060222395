"""Everything that one sandbox consists of: the stand-ins, the servers, and the real processes of the product."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field

import aiohttp

from mentorium_sandbox.clock import SandboxClock
from mentorium_sandbox.databases import Databases, empty_folder
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.keys import Keys, load_or_make
from mentorium_sandbox.openai import OpenAIWorld
from mentorium_sandbox.parts import Part
from mentorium_sandbox.school import School
from mentorium_sandbox.sentry import SentrySink
from mentorium_sandbox.settings import HOST, Settings
from mentorium_sandbox.telegram import TelegramWorld

_MODULES = {"bot": "mentorium_bot.main", "webhook": "mentorium_bot.webhook_app"}


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
    parts: dict[str, Part] = field(default_factory=dict)
    guardians: dict[int, int] = field(default_factory=dict)
    settled: bool = False
    _supervisors: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def prepare(cls, settings: Settings) -> Sandbox:
        empty_folder(settings)
        clock = SandboxClock(settings.folder / "clock")
        keys = load_or_make(settings.folder / "keys.json")
        faults = Faults()
        telegram = TelegramWorld(clock.now)
        telegram.add_bot(keys.telegram_token, "MentoriumSandboxBot")
        (settings.folder / "address").write_text(settings.url, encoding="utf-8")
        return cls(
            settings=settings,
            keys=keys,
            clock=clock,
            databases=Databases(settings, clock),
            telegram=telegram,
            openai=OpenAIWorld(clock.now, spoken_in=telegram.files.spoken_in),
            faults=faults,
            school=School(keys.link, clock.now),
            sentry=SentrySink(clock.now),
        )

    async def start_databases(self) -> None:
        await self.databases.start()
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
            "BOT_DB_URL": self.databases.bot_for_product,
            "PLATFORM_DB_URL": self.databases.platform_for_product,
            "PLATFORM_LINK_KEY": self.keys.link,
            "REDIS_URL": self.databases.redis,
            "BOT_MODE": "polling",
            "BOT_HEALTH_PORT": str(settings.bot_port),
            "WEBHOOK_PORT": str(settings.webhook_port),
            "CLOCK_FILE": str(self.clock.path),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "SENTRY_DSN": f"http://sandbox@{HOST}:{settings.port}/1",
            "PYTHONUNBUFFERED": "1",
        }

    def start_parts(self) -> None:
        ports = {"bot": self.settings.bot_port, "webhook": self.settings.webhook_port}
        environment = self.environment()
        for name, module in _MODULES.items():
            part = Part(
                name=name,
                command=(sys.executable, "-m", module),
                environment=environment,
                ready_url=f"http://{HOST}:{ports[name]}/health/ready",
                log_file=self.settings.logs / f"{name}.jsonl",
            )
            self.parts[name] = part
            self._supervisors.append(asyncio.create_task(part.supervise(), name=f"supervise {name}"))

    async def health(self) -> dict[str, str]:
        """`ok`, or what is wrong, for each part."""
        async with aiohttp.ClientSession() as http:
            states = {name: await part.state(http) for name, part in self.parts.items()}
        family = {"first_family": "ok" if self.settled else "settling in"}
        return {**states, **await self.databases.state(), **family}

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
