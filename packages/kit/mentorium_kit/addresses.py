"""URLs of servers, made of their parts: IPv6 hosts in brackets, a Unix socket's path as a query, all else quoted."""

from __future__ import annotations

from urllib.parse import quote


def postgres_url(host: str, port: int | str, user: str, password: str, name: str) -> str:
    """`host`: a name, an address of either kind, or the folder of a Unix socket, which begins with a slash."""
    who = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    database = quote(name, safe="")
    if host.startswith("/"):
        return f"postgresql://{who}/{database}?host={quote(host, safe='')}&port={port}"
    return f"postgresql://{who}{bracketed(host)}:{port}/{database}"


def redis_url(host: str, port: int, password: str) -> str:
    """`host`: as above, or the path of a Unix socket itself."""
    who = f":{quote(password, safe='')}@" if password else ""
    if host.startswith("/"):
        return f"unix://{who}{quote(host)}?db=0"
    return f"redis://{who}{bracketed(host)}:{port}/0"


def bracketed(host: str) -> str:
    """As it stands in a URL: `::1` becomes `[::1]`, what has brackets keeps them."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
