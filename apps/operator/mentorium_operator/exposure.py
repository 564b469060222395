"""What the settings leave open to others on the network: said by `doctor`, refused by nobody."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

from mentorium_operator.config import ProductSettings
from mentorium_runtime.networks import host_of, is_of_the_internet
from mentorium_runtime.settings import secret_value

_VERIFIED: Final = frozenset({"verify-ca", "verify-full"})


def exposures(settings: ProductSettings) -> list[str]:
    """One sentence each, without values. What is on this machine or in a network of ours is not looked at."""
    found = []
    if is_of_the_internet(host_of(settings.public_url or "")) and settings.trusted_proxy_header is None:
        found.append(
            "TRUSTED_PROXY_HEADER is not set: all who open the card page share one allowance, a stranger's too"
        )
    platform = secret_value(settings.platform_db_url)
    if is_of_the_internet(host_of(platform)) and not _VERIFIED & set(
        parse_qs(urlsplit(platform).query).get("sslmode", [])
    ):
        found.append("PLATFORM_DB_URL leads to another network without sslmode=verify-full: others may read along")
    redis = settings.redis_dsn
    if is_of_the_internet(host_of(redis)) and not redis.startswith("rediss:"):
        found.append("REDIS_URL leads to another network without TLS (rediss://): others may read along")
    return found
