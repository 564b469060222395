"""Addresses in texts and buttons, as the server takes, completes and refuses them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://)?(?=\D|//)")
_INNER = ("tg", "ton")
_OUTER = ("http", "https", "tonsite")
_KEPT_AS_IT_IS = "!#$%&'()*+,/:;=?@[\\]^_`{|}~\"<>"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LinkError(ValueError):
    """The text says what is wrong, in the server's words."""


def normal_link(url: str) -> str:
    """The address as the server gives it back: with its scheme, a lower-case host and a path. Raises LinkError."""
    url = url.strip()
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if match and match[1].lower() in _INNER:
        return _inner_link(match[1].lower(), url[match.end() :].lstrip("/"))
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise LinkError("Wrong HTTP URL") from error
    if parts.scheme not in _OUTER:
        raise LinkError("Unsupported URL protocol")
    if not _is_host(host):
        raise LinkError("Wrong HTTP URL")
    host = f"[{host}]" if ":" in host else host
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    rest = url.split("://", 1)[-1][len(parts.netloc) :]
    path = rest if rest.startswith("/") else f"/{rest}"
    address = f"{parts.scheme}://{user}{host}{f':{port}' if port is not None else ''}"
    return address + quote(path, safe=_KEPT_AS_IT_IS + "".join(filter(lambda c: not c.isascii(), set(path))))


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


def _inner_link(scheme: str, rest: str) -> str:
    if not re.match(r"[A-Za-z0-9_-]+(?:[/?#]|$)", rest):
        raise LinkError("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    name, mark, query = re.split(r"([/?#])", rest, maxsplit=1) if re.search(r"[/?#]", rest) else (rest, "", "")
    return f"{scheme}://{name.lower()}" + (mark + query if mark in ("?", "#") else f"/{query}" if mark else "/")


def _is_host(host: str) -> bool:
    if ":" in host:
        return True
    return "." in host and bool(re.fullmatch(r"[^\s.,<>\"]+(?:\.[^\s.,<>\"]+)+\.?", host))


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
