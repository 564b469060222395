"""How the pages of the tills look: no script, usable by keyboard, and at 360 px."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

Json = dict[str, Any]
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#5b6673;--main:#0a7a5c;--bad:#b3261e;--paper:#fff;--back:#f2f5f7}
@media(prefers-color-scheme:dark){:root{--soft:#a5b3c0;--main:#3ecf9d;--bad:#ff8a80;--paper:#1d2935;--back:#131b23}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:var(--back)}
main{max-width:44rem;margin:0 auto;padding:1rem}
.banner{margin:0;background:#7a4b00;color:#fff;text-align:center;padding:.35rem 1rem;font-size:.9rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.9rem;padding:1rem 1.1rem;margin:0 0 1rem}
h1{font-size:1.3rem;margin:.2rem 0 .6rem}h2{font-size:1.05rem;margin:0 0 .5rem}
.sum{font-size:1.7rem;font-weight:650;margin:.2rem 0;font-variant-numeric:tabular-nums}
.soft{color:var(--soft);margin:.2rem 0;overflow-wrap:anywhere}
fieldset{border:0;padding:0;margin:.8rem 0}legend{font-weight:600;padding:0;margin-bottom:.3rem}
label.choice{display:flex;gap:.7rem;padding:.6rem .7rem;margin:.35rem 0;border:1px solid var(--line);
 border-radius:.6rem}
label.choice:has(:checked){border-color:var(--main);box-shadow:inset 0 0 0 1px var(--main)}
label.choice small{display:block;color:var(--soft)}
label.field{display:block;margin:.6rem 0}label.field span{display:block;font-weight:600}
input[type=text],select{font:inherit;width:100%;padding:.55rem .6rem;border:1px solid var(--line);border-radius:.5rem;
 background:transparent;color:inherit}
select option{background:var(--paper)}
button,.button{display:block;width:100%;font:inherit;font-weight:650;padding:.8rem 1rem;border-radius:.7rem;border:0;
 background:#0a7a5c;color:#fff;cursor:pointer;text-align:center;text-decoration:none}
button.quiet{background:transparent;color:inherit;border:1px solid var(--line)}
:focus-visible{outline:3px solid #3b82f6;outline-offset:2px}
a{color:var(--main)}.good{color:var(--main)}.bad{color:var(--bad)}
details{border-top:1px solid var(--line)}details:first-of-type{border-top:0}
summary{padding:.55rem 0;cursor:pointer;display:flex;gap:.5rem;flex-wrap:wrap;align-items:baseline}
summary b{overflow-wrap:anywhere}summary .end{margin-left:auto;color:var(--soft);overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 .7rem;padding:.6rem .7rem;border-radius:.5rem;
 background:var(--back);font-size:.82rem}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"


def page(title: str, *parts: str) -> web.Response:
    """`parts` are markup already."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>"
        '<body><p class="banner" role="note">Sandbox: no real money, no real cards.</p>'
        f"<main>{''.join(parts)}</main></body></html>"
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return web.Response(text=text, content_type="text/html", headers=headers)


def card(*parts: str) -> str:
    return f'<section class="card">{"".join(parts)}</section>'


def choices(name: str, legend: str, offered: Sequence[tuple[str, str, str]]) -> str:
    """Radio buttons of value, words and a note; the first is chosen."""
    rows = "".join(
        f'<label class="choice"><input type="radio" name="{name}" value="{value}"{" checked" if number == 0 else ""}>'
        f"<span>{html.escape(words)}<small>{html.escape(note)}</small></span></label>"
        for number, (value, words, note) in enumerate(offered)
    )
    return f"<fieldset><legend>{html.escape(legend)}</legend>{rows}</fieldset>"


def field(name: str, words: str, value: str = "") -> str:
    return (
        f'<label class="field"><span>{html.escape(words)}</span>'
        f'<input type="text" name="{name}" value="{html.escape(value)}" autocomplete="off"></label>'
    )


def card_form(offered: Sequence[tuple[str, str, str]], complaint: str) -> str:
    """What happens at a till, and with which card."""
    said = f'<p class="bad" role="alert">{html.escape(complaint)}</p>' if complaint else ""
    number = field("card", "Card: empty for one that has the money, or a registered one such as 8600 4954 7331 6478")
    return f'<form method="post">{said}{choices("outcome", "What happens", offered)}{number}<button>Pay</button></form>'


def exchanges(calls: Sequence[Json]) -> str:
    """The calls to the merchant, each to be opened."""
    if not calls:
        return card("<h2>No call was made</h2>")
    return card("<h2>Calls to our webhook</h2>", *(_exchange(call) for call in calls))


def _exchange(call: Json) -> str:
    status = "answer lost" if "lost" in call else "no answer" if call["status"] is None else f"HTTP {call['status']}"
    answer = call["lost"]["answer"] if "lost" in call else call["answer"]
    return (
        f"<details><summary><b>{html.escape(call['method'])}</b>"
        f'<span class="end">{html.escape(status)} {html.escape(_gist(answer))}</span></summary>'
        f"{pretty(call['request'])}{pretty(answer)}</details>"
    )


def _gist(answer: Any) -> str:
    if not isinstance(answer, dict):
        return ""
    if isinstance(answer.get("error"), dict):
        return str(answer["error"].get("code", ""))
    result = answer.get("result")
    if isinstance(result, dict):
        return f"state {result['state']}" if "state" in result else "ok"
    return f"error {answer['error']}" if "error" in answer else ""


def pretty(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return f"<pre>{html.escape(text)}</pre>"


def soums(tiyin: int) -> str:
    """12345600 as `123 456.00 UZS`."""
    whole, rest = divmod(tiyin, 100)
    return f"{whole:,}".replace(",", " ") + f".{rest:02} UZS"
