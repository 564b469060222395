"""Whose address a call comes from: a second fence before a provider's webhook, behind its key."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from starlette.requests import HTTPConnection

PAYME_ADDRESSES: Final = frozenset(f"185.234.113.{last}" for last in range(1, 16))
"""All that PayMe calls from (https://developer.help.paycom.uz)."""


@dataclass(frozen=True, slots=True)
class CallerAddresses:
    """`header`: in which the proxy before us tells who called it, None: there is none. `allowed`: None: anybody.

    The last address of the header is the proxy's own word; what stands before it may be the caller's.
    """

    header: str | None = None
    allowed: frozenset[str] | None = None

    def of(self, connection: HTTPConnection) -> str | None:
        """The caller's address as text, IPv4 in its plain form; None where it cannot be told."""
        if self.header is None:
            return _plain(connection.client.host) if connection.client is not None else None
        told = connection.headers.getlist(self.header)
        return _plain(told[-1].rpartition(",")[2].strip()) if told else None

    def are_known(self, remote: str | None) -> bool:
        return self.allowed is None or remote in self.allowed


def _plain(address: str) -> str | None:
    try:
        read: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return None
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return str(mapped or read)
