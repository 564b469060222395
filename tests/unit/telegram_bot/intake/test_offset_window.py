"""The offset that Telegram is asked with never passes an update that is not handled."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from mentorium_bot.intake.offset_window import OffsetWindow
from mentorium_bot.intake.per_chat_queue import PerChatQueue
from mentorium_kit.nursery import Nursery
from tests.fixtures.patience import HANGS_AFTER_S

MOST_UPDATES_AT_ONCE = 100


class Server:
    """getUpdates as Telegram answers it."""

    def __init__(self, update_ids: list[int]) -> None:
        self.waiting = update_ids

    def get(self, offset: int | None) -> list[int]:
        if offset is not None:
            self.waiting = [update_id for update_id in self.waiting if update_id >= offset]
        return self.waiting[:MOST_UPDATES_AT_ONCE]


@given(
    gaps=st.lists(st.integers(1, 3), min_size=1, max_size=300),
    choices=st.lists(st.tuples(st.booleans(), st.integers(0, 10_000)), max_size=400),
)
def test_every_update_is_handled_once_and_confirmed_only_then(gaps: list[int], choices: list[tuple[bool, int]]) -> None:
    update_ids = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    server, window = Server(list(update_ids)), OffsetWindow()
    in_hand: list[int] = []
    handled: list[int] = []

    def poll() -> None:
        offset = window.offset
        batch = server.get(offset)
        assert set(update_ids) - set(handled) <= set(server.waiting), "an update was confirmed before it was handled"
        window.confirm(offset)
        in_hand.extend(update_id for update_id in batch if window.take(update_id))
        assert window.in_hand == len(in_hand) <= MOST_UPDATES_AT_ONCE

    def finish(which: int) -> None:
        update_id = in_hand.pop(which % len(in_hand))
        handled.append(update_id)
        window.finish(update_id)

    for polls, which in choices:
        if polls or not in_hand:
            poll()
        else:
            finish(which)
    while len(handled) < len(update_ids):
        poll()
        while in_hand:
            finish(0)
    poll()
    assert sorted(handled) == update_ids
    assert not server.waiting


def test_updates_are_taken_again_by_a_process_that_knows_nothing() -> None:
    server, first = Server([10, 11, 12]), OffsetWindow()
    for update_id in server.get(first.offset):
        assert first.take(update_id)
    first.finish(11)
    assert first.offset == 10
    assert server.get(first.offset) == [10, 11, 12]


def test_a_repeated_older_update_does_not_pull_the_offset_below_what_waits() -> None:
    window = OffsetWindow()
    window.take(50)
    window.finish(50)
    window.confirm(window.offset)
    assert window.offset == 51
    assert window.take(7)
    assert window.offset == 7
    window.finish(7)
    assert window.offset == 8


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=60))
def test_a_chat_is_handled_in_order_and_chats_side_by_side(items: list[tuple[int, int]]) -> None:
    async def scenario() -> None:
        seen: dict[int, list[int]] = defaultdict(list)
        running: set[int] = set()

        async def handle(item: tuple[int, int, int]) -> None:
            chat, number, naps = item
            assert chat not in running, "two updates of one chat at once"
            running.add(chat)
            for _ in range(naps):
                await asyncio.sleep(0)
            running.discard(chat)
            seen[chat].append(number)

        errors: list[BaseException] = []
        nursery = Nursery(on_error=lambda _, error: errors.append(error))
        chats: PerChatQueue[tuple[int, int, int]] = PerChatQueue(nursery, handle)
        for number, (chat, naps) in enumerate(items):
            chats.put(chat, (chat, number, naps))
            if naps == 3:
                await asyncio.sleep(0)
        assert await nursery.drain(HANGS_AFTER_S) == 0
        assert not errors
        assert len(chats) == 0
        assert sum(map(len, seen.values())) == len(items)
        assert all(numbers == sorted(numbers) for numbers in seen.values())

    asyncio.run(scenario())


async def test_a_slow_chat_does_not_hold_up_another() -> None:
    release, other_done = asyncio.Event(), asyncio.Event()

    async def handle(chat: str) -> None:
        if chat == "slow":
            await release.wait()
        else:
            other_done.set()

    nursery = Nursery(on_error=lambda _, error: None)
    chats: PerChatQueue[str] = PerChatQueue(nursery, handle)
    chats.put("slow", "slow")
    chats.put("slow", "slow")
    chats.put("quick", "quick")
    await asyncio.wait_for(other_done.wait(), HANGS_AFTER_S)
    assert chats.waiting("slow") == 2
    release.set()
    assert await nursery.drain(HANGS_AFTER_S) == 0
