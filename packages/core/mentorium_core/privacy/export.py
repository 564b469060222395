"""Everything that is held about a parent, handed over: at once where it is little, else by a job.

It takes whatever tables refer to a parent, so that a new table cannot be forgotten. Rows are read in batches and
written as they come: an export is never whole in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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
from mentorium_kit.errors import MentoriumError
from mentorium_observability import EventLogService, get_logger

AT_ONCE_BYTES: Final = 5_000_000
"""Both files together, as far as the rows tell."""
LARGEST_FILE_BYTES: Final = 45_000_000
"""Telegram takes 50 MB (https://core.telegram.org/bots/api#senddocument); the last row and the compressor's rest come
on top."""

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
        telegram_id, parent, [ExportWriter(one, partial(open_sink, one.suffix)) for one in _documents(language)]
    )
    return Export({name: sink.content() for name, sink in sinks.items()})


@dataclass(frozen=True, slots=True)
class SendLargeExport:
    """The job: archives on the disk, sent one after the other, gone when that is done."""

    carrier: FileCarrier
    largest_bytes: int = LARGEST_FILE_BYTES

    async def __call__(self, parent_id: int, language: Language) -> int:
        """How many archives were sent; 0 where the parent is gone, or has closed the chat.

        UnavailableError where none has arrived: try again. Where one has, the others are not worth sending it twice:
        an event says that they are missing.
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
            ExportWriter(one, partial(open_sink, one.suffix), self.largest_bytes) for one in _documents(language)
        ]
        await _write(parent.telegram_id, parent, writers)
        return [archives[key] for key in sorted(archives)]

    async def _send(self, telegram_id: int, language: Language, archives: Sequence[Archive]) -> int:
        for sent, (name, file) in enumerate(archives):
            caption = t(language, "export-archive", number=sent + 1, count=len(archives))
            try:
                if not await self.carrier.send_file(telegram_id, name, file, caption):
                    return sent
            except MentoriumError as error:
                if sent == 0:
                    raise
                logger.error("export_incomplete", sent=sent, count=len(archives), code=error.code)
                await EventLogService.log_system(
                    "data_export_incomplete", severity=Severity.ERROR, sent=sent, count=len(archives)
                )
                return sent
        return len(archives)


def _documents(language: Language) -> tuple[Pieces, Pieces]:
    now = clock.now()
    return JsonPieces(now), PagePieces(language, now)


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
