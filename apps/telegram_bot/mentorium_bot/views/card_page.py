"""The page on which a card is given, as HTML: one file with its own style and script, allowed by a nonce alone.

Inputs have no `name` and the form no `action`, so that no browser sends a card anywhere by itself; the script may
connect to PayMe and to the one address that takes its token (PayMe's rules for such a form: help.paycom.uz,
Subscribe API).
"""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mentorium_core.billing.card_page import CONSENT_KEY, CONSENT_VERSION, CardPage
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_domain.enums import Currency, Language
from mentorium_kit import clock

OFFER_URL: Final = "https://cdn.payme.uz/terms/main.html"
"""PayMe's public offer, which such a form has to link to."""
_SCRIPT_TEXTS: Final = (
    "card-page-working",
    "card-page-code-hint",
    "card-page-confirm",
    "card-page-again",
    "card-page-resend",
    "card-page-resend-in",
    "card-page-over",
    "card-page-error-number",
    "card-page-error-expiry",
    "card-page-error-consent",
    "card-page-error-code",
    "card-page-error-card",
    "card-page-error-card-closed",
    "card-page-error-code-wrong",
    "card-page-error-code-old",
    "card-page-error-code-tries",
    "card-page-error-sms",
    "card-page-error-payme",
    "card-page-error-save",
    "card-page-error-refused",
    "card-page-error-no-subscription",
)
"""Which the script says; to it they are called without `card-page-`."""
_FILLED_BY_SCRIPT: Final = {"card-page-code-hint": ("phone",), "card-page-resend-in": ("seconds",)}


@dataclass(frozen=True, slots=True)
class CardSite:
    """Where the page's script may go: PayMe, known to it by the merchant's id alone, and back to us."""

    payme_url: str
    merchant_id: str
    save_url: str


@dataclass(frozen=True, slots=True)
class HtmlPage:
    text: str
    policy: str
    """For the header Content-Security-Policy."""


def card_page(page: CardPage, site: CardSite) -> HtmlPage:
    language, nonce = page.language, secrets.token_urlsafe(16)
    words = _Words(language)
    day = format_date_long(language, clock.local_day(page.next_charge_at))
    price = amount_text(language, page.amount_minor, Currency.UZS)
    tariff = tariff_title(language, page.tariff)
    told = {
        "token": page.save_token,
        "consent": CONSENT_VERSION,
        "save": site.save_url,
        "payme": {"url": site.payme_url, "merchant": site.merchant_id},
        "texts": {key.removeprefix("card-page-"): words.raw(key) for key in _SCRIPT_TEXTS},
    }
    body = (
        f'<section id="card-step" aria-labelledby="card-heading" hidden>'
        f'<h1 id="card-heading">{words("card-page-heading")}</h1>'
        f'<p class="plan">{words("card-page-plan", tariff=tariff, price=price)}</p>'
        f"<p>{words('card-page-next-charge', day=day)}</p>"
        f'<p class="soft">{words("card-page-safety")}</p>{_card_form(words, tariff, price)}</section>'
        f'<section id="code-step" aria-labelledby="code-heading" hidden>'
        f'<h1 id="code-heading">{words("card-page-heading")}</h1>{_code_form(words)}</section>'
        f'<section id="done-step" aria-labelledby="done-heading" hidden>'
        f'<h1 id="done-heading" tabindex="-1">{words("card-page-done-heading")}</h1>'
        f"<p>{words('card-page-done', day=day, price=price)}</p></section>"
        f'<p id="status" class="soft" role="status" aria-live="polite"></p>'
        f"<noscript><section><p>{words('card-page-noscript')}</p></section></noscript>"
        f'<footer><p>{words("card-page-powered")} <span class="payme">Payme</span></p>'
        f'<p><a href="{OFFER_URL}" target="_blank" rel="noopener noreferrer">{words("card-page-offer")}</a></p>'
        "</footer>"
        f'<script type="application/json" id="page">{_json(told)}</script>'
        f'<script nonce="{nonce}">{_file("card_page.js")}</script>'
    )
    return HtmlPage(_document(words, nonce, body), _policy(nonce, f"{site.payme_url} {site.save_url}", script=True))


def closed_page(language: Language, *, busy: bool = False) -> HtmlPage:
    """In place of the page: its link is over, or nothing can be opened at this moment."""
    nonce, words = secrets.token_urlsafe(16), _Words(language)
    heading, text = (
        ("card-page-busy-heading", "card-page-busy") if busy else ("card-page-over-heading", "card-page-over")
    )
    body = f"<section><h1>{words(heading)}</h1><p>{words(text)}</p></section>"
    return HtmlPage(_document(words, nonce, body), _policy(nonce, "'none'", script=False))


class _Words:
    """The catalogue as markup."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **arguments: str) -> str:
        return html.escape(t(self.language, key, **arguments))

    def raw(self, key: str) -> str:
        """As plain text; what the script puts in stands as `{name}`."""
        return t(self.language, key, **{name: f"{{{name}}}" for name in _FILLED_BY_SCRIPT.get(key, ())})


def _card_form(words: _Words, tariff: str, price: str) -> str:
    return (
        '<form id="card-form" autocomplete="on" novalidate>'
        + _field(words, "number", "cc-number", 'maxlength="23" placeholder="0000 0000 0000 0000"')
        + _field(words, "expiry", "cc-exp", 'maxlength="9"')
        + '<div class="consent"><input type="checkbox" id="consent" required aria-describedby="consent-error">'
        f'<label for="consent">{words(CONSENT_KEY, tariff=tariff, price=price)}</label></div>'
        '<p class="error" id="consent-error" role="alert"></p>'
        '<p class="error" id="card-form-error" role="alert"></p>'
        f"<button>{words('card-page-continue')}</button></form>"
    )


def _code_form(words: _Words) -> str:
    return (
        '<form id="code-form" autocomplete="off" novalidate><div class="field" id="code-field">'
        f'<label for="code">{words("card-page-code")}<span class="hint" id="code-hint"></span></label>'
        '<input type="text" id="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"'
        ' aria-describedby="code-error"><p class="error" id="code-error" role="alert"></p></div>'
        '<p class="error" id="code-form-error" role="alert"></p>'
        f'<button id="confirm">{words("card-page-confirm")}</button>'
        f'<button type="button" class="quiet" id="resend">{words("card-page-resend")}</button>'
        f'<button type="button" class="quiet" id="other">{words("card-page-other-card")}</button></form>'
    )


def _field(words: _Words, field: str, autocomplete: str, more: str) -> str:
    label, hint = f"card-page-{field}", f"card-page-{field}-hint"
    return (
        f'<div class="field"><label for="{field}">{words(label)}'
        f'<span class="hint">{words(hint)}</span></label>'
        f'<input type="text" id="{field}" inputmode="numeric" autocomplete="{autocomplete}" required'
        f' aria-describedby="{field}-error" {more}><p class="error" id="{field}-error" role="alert"></p></div>'
    )


def _document(words: _Words, nonce: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><title>{words("card-page-title")}</title>'
        f'<style nonce="{nonce}">{_file("card_page.css")}</style></head><body><main>{body}</main></body></html>'
    )


def _policy(nonce: str, connect: str, *, script: bool) -> str:
    scripts = f"script-src 'nonce-{nonce}'; " if script else ""
    return (
        f"default-src 'none'; {scripts}style-src 'nonce-{nonce}'; img-src data:; connect-src {connect}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _json(told: Mapping[str, object]) -> str:
    """JSON that no text of it can end as a script."""
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
