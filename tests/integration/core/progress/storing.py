"""A drawn school in the platform's tables."""

from __future__ import annotations

import asyncpg

from tests.unit.core.progress.random_school import NOW, TABLES, Row, School

# Our reference tables are stricter than the contract, which lets an attempt be graded and have no score.
_FROZEN_CLOCK = f"""
    CREATE OR REPLACE VIEW platform.present AS
    SELECT timestamptz '{NOW.isoformat()}' AS moment, timestamptz '{NOW.isoformat()}' AS activity_as_of;
    DO $$
    DECLARE too_strict text;
    BEGIN
        FOR too_strict IN SELECT conname FROM pg_constraint
            WHERE conrelid = 'platform.test_attempt'::regclass AND pg_get_constraintdef(oid) LIKE '%graded_at IS NOT%'
        LOOP
            EXECUTE format('ALTER TABLE platform.test_attempt DROP CONSTRAINT %I', too_strict);
        END LOOP;
    END $$;
"""


async def store(school: School, dsn: str) -> None:
    """Store all rows, and stop the platform's clock at NOW."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_FROZEN_CLOCK)
        for table in TABLES:
            rows: list[Row] = getattr(school, table)
            columns = list(rows[0]) if rows else []
            await connection.copy_records_to_table(
                table,
                schema_name="platform",
                columns=columns,
                records=[tuple(row[column] for column in columns) for row in rows],
            )
    finally:
        await connection.close()
