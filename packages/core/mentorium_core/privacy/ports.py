"""What handing data over needs and core does not do itself."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class FileCarrier(Protocol):
    """Carries files to chats, streamed from the disk."""

    async def send_file(self, telegram_id: int, name: str, file: BinaryIO, caption: str) -> bool:
        """The whole of `file`, wherever it stands. False where the chat takes no messages (any more).

        A file in doubt counts as sent. UnavailableError where it certainly did not arrive and may the next time; any
        other MentoriumError where Telegram will never take it.
        """
