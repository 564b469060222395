"""Where an address leads: to this machine and networks of ours, or into the internet, where others may read along."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_OURS: Final = (".internal", ".local", ".svc")
"""Endings of names that no public server has: of a container's host, of a cluster's services."""


def host_of(url: str) -> str:
    """Empty where there is none, or the URL cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_of_the_internet(host: str) -> bool:
    """Whether the host has a public address, or a name with a domain; a bare name is a container's."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_OURS)
