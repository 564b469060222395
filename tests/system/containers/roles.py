"""Run within the bot's container: who the product may not be, and what it may not do, in its own database."""

from __future__ import annotations

import asyncio
import os

import asyncpg


async def main() -> None:
    where = "postgresql://postgres/mentorium_bot"
    password = os.environ["DB_PASSWORD"]
    try:
        await asyncpg.connect(where, user="mentorium_bot", password=password)
    except asyncpg.InvalidPasswordError:
        print("no owner")
    product = await asyncpg.connect(where, user="mentorium_bot_app", password=password)
    try:
        await product.execute("DROP TABLE parents")
    except asyncpg.InsufficientPrivilegeError:
        print("no change of tables")


asyncio.run(main())
