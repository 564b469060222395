"""Which release counts as the one before: the last tag, also in a clone that has no tags."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg

from mentorium_db.revisions import known_revisions
from mentorium_db.server import database_state
from tests.fixtures.releases import REPOSITORY, before, last_release, listed, tagged


def test_the_file_agrees_with_the_tags() -> None:
    known = {release.tag: release.commit for release in listed()}
    assert [tag.tag for tag in tagged() if known.get(tag.tag, tag.commit) != tag.commit] == []


def test_each_release_that_the_changelog_tells_of_is_known() -> None:
    """But the newest, while its tag is being made: a commit cannot name itself."""
    told = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\]", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    known = {release.tag.removeprefix("v") for release in (*listed(), *tagged())}
    assert set(told[1:]) <= known
    assert last_release().tag.removeprefix("v") in told[:2]


def test_a_release_is_not_the_one_before_itself() -> None:
    first, second, third = listed()[:3]
    assert before(third.commit) == (first, second)
    assert before(f"{third.commit}~1")[-1] == second


def test_its_migrations_are_the_beginning_of_ours(tmp_path: Path) -> None:
    revision = last_release().newest_revision(tmp_path)
    assert revision in known_revisions().older | {known_revisions().newest}


async def test_a_server_is_called_by_both_its_numbers(bot_dsn: str) -> None:
    connection = await asyncpg.connect(bot_dsn)
    said = await connection.fetchval("SHOW server_version")
    await connection.close()
    assert (await database_state(bot_dsn)).server == said.split()[0]
