"""The bot's own database: tables, repositories and units of work; and the way to read the platform's."""

from mentorium_db.driver import driver_connection, driver_of, get_driver
from mentorium_db.session import (
    autocommit_session,
    configure,
    configure_platform,
    dispose,
    get_session,
    platform_connection,
)

__all__ = [
    "autocommit_session",
    "configure",
    "configure_platform",
    "dispose",
    "driver_connection",
    "driver_of",
    "get_driver",
    "get_session",
    "platform_connection",
]
