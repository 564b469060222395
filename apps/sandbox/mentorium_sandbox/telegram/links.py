"""Addresses in texts and buttons, as the server takes, completes and refuses them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_INNER_LINK = re.compile(r"(tg|ton):/*([A-Za-z0-9_-]+)(?:/(?=.)|(?=[?#])|/?$)(.*)", re.IGNORECASE | re.DOTALL)
_INNER = ("tg", "ton")
_OUTER = ("http", "https", "tonsite")
_CONTROLS = re.compile(r"[\x00-\x20]")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LinkError(ValueError):
    """The text says what is wrong, in the server's words."""


def normal_link(url: str) -> str:
    """The address as the server gives it back: with its scheme, a lower-case host and a path. Raises LinkError."""
    url = _CONTROLS.sub(lambda blank: f"%{ord(blank[0]):02X}", url.strip())
    if url.lower().startswith(tuple(f"{scheme}:" for scheme in _INNER)):
        return _inner_link(url)
    address = url if _SCHEME.match(url) else f"http://{url}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise LinkError("Wrong HTTP URL") from error
    if parts.scheme not in _OUTER:
        raise LinkError("Unsupported URL protocol")
    if not _is_host(host):
        raise LinkError("Wrong HTTP URL")
    user, at, _ = parts.netloc.rpartition("@")
    rest = address.split("://", 1)[1][len(parts.netloc) :]
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port is None else f":{port}"
    return f"{parts.scheme}://{user}{at}{shown_host}{shown_port}{'' if rest.startswith('/') else '/'}{rest}"


def web_app_link(url: str) -> str:
    """The address of a Mini App: https, or http on this very machine. Raises LinkError."""
    host = _host_of(url)
    if url.startswith("http://") and host in LOOPBACK:
        return url
    link = normal_link(url)
    if not link.startswith("https://"):
        raise LinkError("Only HTTPS links are allowed")
    return link


def user_of(url: str) -> int | None:
    """Whose mention `tg://user?id=...` is; None for another address."""
    match = re.fullmatch(r"tg:(?://)?user/?\?(.*)", url.strip(), re.IGNORECASE | re.DOTALL)
    return _number(match[1], "id") if match else None


def emoji_of(url: str) -> int | None:
    """Which custom emoji `tg://emoji?id=...` is; None for another address."""
    match = re.fullmatch(r"tg:(?://)?emoji/?\?(.*)", url.strip(), re.IGNORECASE | re.DOTALL)
    return None if match is None else _number(match[1], "id") or _number(match[1], "emoji_id")


def time_of(url: str) -> tuple[int, str] | None:
    """Moment and format of `tg://time?unix=...&format=...`; None for another address."""
    match = re.fullmatch(r"tg:(?://)?time/?\?(.*)", url.strip(), re.IGNORECASE | re.DOTALL)
    if match is None or (moment := _number(match[1], "unix")) is None:
        return None
    return moment, parse_qs(match[1]).get("format", [""])[0]


def _number(query: str, key: str) -> int | None:
    value = parse_qs(query).get(key, [""])[0]
    return int(value) if re.fullmatch(r"[0-9]{1,19}", value) and int(value) > 0 else None


def _inner_link(url: str) -> str:
    match = _INNER_LINK.fullmatch(url)
    if match is None:
        raise LinkError(f"Wrong {url.partition(':')[0].lower()} URL")
    scheme, name, rest = match[1].lower(), match[2].lower(), match[3]
    return f"{scheme}://{name}{'' if rest.startswith(('?', '#')) else '/'}{rest}"


def _is_host(host: str) -> bool:
    if ":" in host:
        return True
    return "." in host and bool(re.fullmatch(r"[^\s.,<>\"]+(?:\.[^\s.,<>\"]+)+\.?", host))


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
