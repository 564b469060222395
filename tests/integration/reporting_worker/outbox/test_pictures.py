"""Pictures are drawn when their messages are sent: a run keeps none, and a kill leaves few in doubt (durability 18)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from mentorium_db.models import Notification
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_rendering.picture import PictureError
from mentorium_reporting.outbox.picture_drawer import MOST_DRAWING
from sandbox_tests.telegram.pictures import png
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker.conftest import Post


async def report_to(post: Post, message: str) -> int:
    parent = await post.parent()
    await post.tell(parent, message, report_id=await post.report(parent))
    return parent


async def kept_pictures(post: Post) -> int:
    connection = await asyncpg.connect(post.dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM notification_pictures"))
    finally:
        await connection.close()


async def test_a_report_goes_out_with_its_picture_and_none_is_kept(post: Post) -> None:
    parent = await report_to(post, "Hafta")
    assert await kept_pictures(post) == 0
    async with post.sender():
        await post.until_settled()
    assert post.read(parent) == ["Hafta"]
    assert post.calls("sendPhoto") == 1
    (stored,) = post.world.bot().conversations[parent].messages.values()
    largest = stored.view()["photo"][-1]
    assert (largest["width"], largest["height"] > 1000) == (1080, True)
    assert await kept_pictures(post) == 0


async def test_a_picture_of_the_release_before_is_sent_as_it_was_drawn(post: Post) -> None:
    parent = await post.parent()
    await post.tell(parent, "Hafta")
    connection = await asyncpg.connect(post.dsn)
    await connection.execute(
        "INSERT INTO notification_pictures (notification_id, png, expires_at)"
        " SELECT id, $1, expires_at FROM notifications",
        png(40, 30),
    )
    await connection.close()
    async with post.sender():
        await post.until_settled()
    assert post.calls("sendPhoto") == 1
    assert await kept_pictures(post) == 0


async def test_a_report_that_is_gone_goes_out_as_text(post: Post) -> None:
    parent = await report_to(post, "Hafta")
    connection = await asyncpg.connect(post.dsn)
    await connection.execute("DELETE FROM report_history")
    await connection.close()
    async with post.sender():
        await post.until_settled()
    assert (post.read(parent), post.calls("sendMessage"), post.calls("sendPhoto")) == (["Hafta"], 1, 0)


async def test_a_report_whose_picture_is_a_fault_goes_out_as_text(post: Post) -> None:
    parent = await report_to(post, "Hafta")

    async def draw(_: int) -> bytes:
        raise PictureError("picture_failed")

    async with post.sender(draw=draw):
        await post.until_settled()
    assert (post.read(parent), post.calls("sendPhoto")) == (["Hafta"], 0)


class Panic(BaseException):
    """As typst's, which is no Exception."""


async def test_a_picture_that_fails_in_an_unknown_way_costs_nobody_the_words(post: Post) -> None:
    """It was certainly not sent: nothing is in doubt."""
    parent = await report_to(post, "Hafta")

    async def draw(_: int) -> bytes:
        raise KeyError("blocks")

    async with post.sender(draw=draw):
        (row,) = await post.until_settled()
    assert (row.status, post.read(parent)) == (DeliveryStatus.SENT, ["Hafta"])


async def test_a_panic_of_the_typesetter_costs_nobody_the_words(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(_: str) -> bytes:
        raise Panic

    monkeypatch.setattr("mentorium_rendering.picture.draw", panics)
    parent = await report_to(post, "Hafta")
    async with post.sender():
        (row,) = await post.until_settled()
    assert (row.status, post.read(parent)) == (DeliveryStatus.SENT, ["Hafta"])


async def test_pictures_that_are_never_drawn_hold_nobody_up(post: Post) -> None:
    parents = [await report_to(post, f"Hafta {number}") for number in range(2 * MOST_DRAWING)]

    async def draw(_: int) -> bytes:
        await asyncio.Event().wait()
        return b""

    async with post.sender(draw=draw, longest_drawing_s=0.2):
        rows = await post.until_settled()
    assert {row.status for row in rows} == {DeliveryStatus.SENT}
    assert [post.read(parent) for parent in parents] == [[f"Hafta {number}"] for number in range(len(parents))]


async def test_a_picture_that_telegram_does_not_take_costs_nobody_the_words(post: Post) -> None:
    parent = await report_to(post, "Hafta")

    async def draw(_: int) -> bytes:
        return b"no picture at all"

    async with post.sender(draw=draw):
        (row,) = await post.until_settled()
    assert (row.status, row.attempts) == (DeliveryStatus.SENT, 1)
    assert (post.read(parent), post.calls("sendPhoto"), post.calls("sendMessage")) == (["Hafta"], 1, 1)


async def test_words_that_telegram_does_not_take_either_are_refused_once(post: Post) -> None:
    await report_to(post, "Hafta" * 1_000)
    async with post.sender():
        (row,) = await post.until_settled()
    assert (row.status, row.attempts) == (DeliveryStatus.FAILED, 1)
    assert (post.calls("sendPhoto"), post.calls("sendMessage")) == (1, 1)


async def test_a_report_that_cannot_be_read_now_is_tried_again(post: Post) -> None:
    await report_to(post, "Hafta")
    failures: list[MentoriumError] = [UnavailableError("bot_db_unavailable")]

    async def draw(_: int) -> bytes:
        if failures:
            raise failures.pop()
        return png(40, 30)

    async with post.sender(draw=draw):
        (row,) = await post.until_settled()
    assert (row.status, row.attempts) == (DeliveryStatus.SENT, 2)


async def test_few_are_claimed_while_pictures_are_drawn_and_payments_pass_them(post: Post) -> None:
    for number in range(3 * MOST_DRAWING):
        await report_to(post, f"Hafta {number}")
    payer, go_on = await post.parent(), asyncio.Event()

    async def draw(_: int) -> bytes:
        await go_on.wait()
        return png(40, 30)

    def sending(rows: Sequence[Notification]) -> int:
        return sum(row.status is DeliveryStatus.SENDING for row in rows)

    async with post.sender(draw=draw):
        await post.until(lambda rows: sending(rows) == MOST_DRAWING)
        await post.tell(payer, "paid", NotificationType.PAYMENT)
        await post.until(lambda rows: rows[-1].status is DeliveryStatus.SENT, HANGS_AFTER_S)
        assert sending(await post.rows()) == MOST_DRAWING
        go_on.set()
        rows = await post.until_settled()
    assert {row.status for row in rows} == {DeliveryStatus.SENT}


@pytest.mark.parametrize("messages", [200])
async def test_texts_are_not_held_up_by_the_bound_on_pictures(post: Post, messages: int) -> None:
    for number in range(messages):
        await post.tell(await post.parent(), f"Salom {number}")
    async with post.sender():
        await post.until_settled()
    assert post.calls() == messages
