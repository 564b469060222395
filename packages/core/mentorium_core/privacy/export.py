"""Everything that is held about a parent, handed over: at once where it is little, else by a job.

It takes whatever tables refer to a parent, so that a new table cannot be forgotten. Rows are read in batches and
written as they come: an export is never whole in memory.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, Final, TypeAlias

from mentorium_core.i18n import t
from mentorium_core.privacy.export_json import JsonPieces
from mentorium_core.privacy.export_page import SHOWN, PagePieces
from mentorium_core.privacy.export_writer import ExportWriter, MemorySink, Pieces, ZipSink
from mentorium_core.privacy.model import Export, ExportDue
from mentorium_core.privacy.ports import FileCarrier
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_db.models import Parent
from mentorium_db.repositories import ParentRepository, PersonalDataRepository
from mentorium_domain.enums import JobKind, Language, Severity
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_observability import EventLogService, get_logger

AT_ONCE_BYTES: Final = 5_000_000
"""Both files together, as far as the rows tell."""
LARGEST_FILE_BYTES: Final = 45_000_000
"""Telegram takes 50 MB (https://core.telegram.org/bots/api#senddocument); the last row and the compressor's rest come
on top."""

PATIENCE_S: Final = 600.0
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0

Archive: TypeAlias = tuple[str, BinaryIO]
"""Its name, and the file on the disk."""

logger = get_logger(__name__)


async def export_data(telegram_id: int, language: Language) -> Export | ExportDue | None:
    """Everything the bot holds about this person, and nothing about anybody else's talk. None where that is nothing.

    Somebody who never registered may have an update that was set aside. The request itself is no part of it.
    """
    async with get_session() as session:
        parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
        bytes_of_rows = await PersonalDataRepository(session).size_of(telegram_id, parent)
        if bytes_of_rows == 0:
            return None
        if parent is not None and 2 * bytes_of_rows > AT_ONCE_BYTES:
            payload = {"parent_id": parent.id, "language": language}
            is_new = await enqueue(session, JobKind.EXPORT_DATA, payload, dedup_key=f"export_data:p{parent.id}")
            await EventLogService.log_user_action("data_export_asked", telegram_id)
            return ExportDue(is_new)
    sinks: dict[str, MemorySink] = {}

    def open_sink(suffix: str, _part: int) -> MemorySink:
        return sinks.setdefault(_file_name(suffix, 1), MemorySink())

    await _write(
        telegram_id, parent, [ExportWriter(one, partial(open_sink, one.suffix)) for one in _documents(language, parent)]
    )
    return Export({name: sink.content() for name, sink in sinks.items()})


@dataclass(frozen=True, slots=True)
class SendLargeExport:
    """The job: archives on the disk, sent one after the other, gone when that is done."""

    carrier: FileCarrier
    largest_bytes: int = LARGEST_FILE_BYTES
    patience_s: float = PATIENCE_S

    async def __call__(self, parent_id: int, language: Language) -> int:
        """How many archives were sent; 0 where the parent is gone, or has closed the chat.

        UnavailableError where none has arrived: try again. Where one has, those behind it are tried again here for
        `patience_s` seconds, so that none comes twice; of what is missing then, an event tells.
        """
        async with get_session() as session:
            parent = await ParentRepository(session).get(parent_id)
        if parent is None:
            return 0
        with ExitStack() as archives_on_disk:
            archives = await self._make(parent, language, archives_on_disk)
            return await self._send(parent.telegram_id, language, archives)

    async def _make(self, parent: Parent, language: Language, on_disk: ExitStack) -> list[Archive]:
        """The pages first, each kind in its order. A killed process leaves nothing: no folder knows these files."""
        archives: dict[tuple[str, int], Archive] = {}

        def open_sink(suffix: str, part: int) -> ZipSink:
            name = _file_name(suffix, part)
            file = on_disk.enter_context(TemporaryFile())  # noqa: SIM115 - it is one
            archives[suffix, part] = f"{name}.zip", file
            return ZipSink(file, name)

        writers = [
            ExportWriter(one, partial(open_sink, one.suffix), self.largest_bytes)
            for one in _documents(language, parent)
        ]
        await _write(parent.telegram_id, parent, writers)
        return [archives[key] for key in sorted(archives)]

    async def _send(self, telegram_id: int, language: Language, archives: Sequence[Archive]) -> int:
        missing: list[str] = []
        for number, (name, file) in enumerate(archives, 1):
            caption = t(language, "export-archive", number=number, count=len(archives))
            send = partial(self.carrier.send_file, telegram_id, name, file, caption)
            try:
                if not await (send() if number == 1 else self._patiently(send)):
                    return number - 1
            except MentoriumError as error:
                if number == 1:
                    raise
                logger.error("export_incomplete", number=number, count=len(archives), code=error.code)
                missing.append(name)
        if missing:
            await EventLogService.log_system(
                "data_export_incomplete", severity=Severity.ERROR, missing=missing, count=len(archives)
            )
        return len(archives) - len(missing)

    async def _patiently(self, send: Callable[[], Awaitable[bool]]) -> bool:
        """Until it is taken. Errors of the last try, where it is not within `patience_s`; a refusal at once."""
        began = time.monotonic()
        for failures in itertools.count(1):
            try:
                return await send()
            except UnavailableError as error:
                pause = backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S)
                if time.monotonic() - began + pause > self.patience_s:
                    raise
                logger.warning("export_waits_for_telegram", code=error.code, tries=failures)
            await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")


def _documents(language: Language, parent: Parent | None) -> tuple[Pieces, Pieces]:
    now = clock.now()
    return JsonPieces(now), PagePieces(language, now, parent.id if parent is not None else None)


def _file_name(suffix: str, part: int) -> str:
    return f"mentorium-{clock.today():%Y-%m-%d}{f'-{part}' if part > 1 else ''}.{suffix}"


async def _write(telegram_id: int, parent: Parent | None, writers: Sequence[ExportWriter]) -> None:
    """Every row into every document. Rendering and compressing run beside the event loop, a batch at a time."""
    async with get_session() as session:
        async for table, rows in PersonalDataRepository(session).stream(telegram_id, parent, tuple(SHOWN)):
            for writer in writers:
                await asyncio.to_thread(writer.write, table, rows)
        for writer in writers:
            await asyncio.to_thread(writer.finish)
    await _note_export(parent)


async def _note_export(parent: Parent | None) -> None:
    """Of somebody who had everything erased meanwhile, nothing is written down."""
    async with get_session() as session:
        if parent is not None and await ParentRepository(session).lock_all({parent.id}):
            await EventLogService.log_user_action("data_exported", parent.telegram_id)
