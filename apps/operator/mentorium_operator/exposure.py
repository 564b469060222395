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
    databases = {"PLATFORM_DB_URL": secret_value(settings.platform_db_url), "BOT_DB_URL": settings.database_dsn}
    for name, url in databases.items():
        if is_of_the_internet(host_of(url)) and not _VERIFIED & set(parse_qs(urlsplit(url).query).get("sslmode", [])):
            found.append(f"{name} leads to another network without sslmode=verify-full: others may read along")
    redis = settings.redis_dsn
    if is_of_the_internet(host_of(redis)) and not redis.startswith("rediss:"):
        found.append("REDIS_URL leads to another network without TLS (rediss://): others may read along")
    mail = urlsplit(secret_value(settings.smtp_url))
    if is_of_the_internet(mail.hostname or "") and mail.scheme == "smtp" and not mail.password:
        found.append("SMTP_URL leads to another network, and letters go in the clear where it says it knows no TLS")
    return found
