from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from mentorium_db.repositories.platform import PlatformRepository
from mentorium_db.session import platform_connection
from mentorium_kit.errors import UnavailableError

pytestmark = pytest.mark.own_databases

FAMILIES = """
    CREATE OR REPLACE VIEW platform.present AS
    SELECT timestamptz '2026-11-25 09:30Z' AS moment, timestamptz '2026-11-25 09:00Z' AS activity_as_of;
    INSERT INTO platform.student (student_id, display_name, status) VALUES
        (1, 'Aziza', 'active'), (2, 'Timur', 'active'), (3, 'Gone', 'deleted'), (4, 'Maxim', 'active');
    INSERT INTO platform.guardian (guardian_id, full_name, phone_e164, phone_verified, locale, status) VALUES
        (10, 'Dilnoza Karimova', '+998901112233', true, 'uz', 'active'),
        (11, 'Bobur Karimov', '+998901112233', true, 'uz', 'active'),
        (12, 'Unverified', '+998901112233', false, 'uz', 'active'),
        (13, 'Blocked', '+998901112233', true, 'ru', 'blocked'),
        (14, 'No Phone', NULL, false, 'en', 'active');
    INSERT INTO platform.guardian_student
        (guardian_id, student_id, relation, can_view_progress, can_pay, is_primary, valid_from, valid_to) VALUES
        (10, 1, 'mother', true, true, true, '2026-01-01Z', NULL),
        (10, 2, 'mother', true, false, false, '2026-01-01Z', '2026-11-25 09:30:01Z'),
        (10, 3, 'mother', true, true, true, '2026-01-01Z', NULL),
        (11, 1, 'father', false, true, true, '2026-01-01Z', NULL),
        (11, 2, 'father', true, true, true, '2026-01-01Z', '2026-11-25 09:30:00Z'),
        (11, 4, 'father', true, true, true, '2026-11-25 09:30:01Z', NULL),
        (13, 1, 'guardian', true, true, true, '2026-01-01Z', NULL),
        (14, 4, 'guardian', true, true, true, '2026-01-01Z', '2026-02-01Z'),
        (14, 4, 'guardian', true, false, true, '2026-11-25 09:30:00Z', NULL);
"""


@pytest.fixture
async def platform(configured_platform: str) -> AsyncIterator[PlatformRepository]:
    owner = await asyncpg.connect(configured_platform)
    await owner.execute(FAMILIES)
    await owner.close()
    async with platform_connection() as connection:
        yield PlatformRepository(connection)


async def test_meta_tells_version_clock_and_age(platform: PlatformRepository) -> None:
    meta = await platform.meta()
    assert (meta.contract_major, meta.contract_minor, meta.day_tz) == (1, 0, "Asia/Tashkent")
    assert meta.db_now == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert meta.activity_as_of == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


async def test_a_guardian_is_found_by_id_whatever_the_status(platform: PlatformRepository) -> None:
    found = await platform.guardian_by_id(13)
    assert found is not None
    assert (found.full_name, found.status, found.locale) == ("Blocked", "blocked", "ru")
    assert await platform.guardian_by_id(99) is None
    together = await platform.guardians_by_ids({14, 13, 99})
    assert [guardian.full_name for guardian in together] == ["Blocked", "No Phone"]


async def test_a_phone_finds_active_guardians_who_verified_it(platform: PlatformRepository) -> None:
    found = await platform.guardians_by_verified_phone("+998901112233")
    assert [guardian.guardian_id for guardian in found] == [10, 11]
    assert await platform.guardians_by_verified_phone("+998900000000") == []


async def test_only_rights_that_stand_at_this_moment_count(platform: PlatformRepository) -> None:
    found = await platform.students_of_guardians([10, 11, 12, 13, 14, 99])
    assert [(right.guardian_id, right.student_id, right.display_name) for right in found] == [
        (10, 1, "Aziza"),
        (10, 2, "Timur"),
        (14, 4, "Maxim"),
    ]


async def test_a_broken_contract_is_told_apart_from_a_bug(
    platform: PlatformRepository, configured_platform: str
) -> None:
    owner = await asyncpg.connect(configured_platform)
    await owner.execute("DROP VIEW bot_api_v1.v_guardian_student")
    await owner.close()
    with pytest.raises(UnavailableError) as refused:
        await platform.students_of_guardians([10])
    assert refused.value.code == "platform_contract_broken"
