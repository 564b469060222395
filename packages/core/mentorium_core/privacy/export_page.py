"""The exported data as a page for people: in their words, by their clock, without what only programs need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Final

from mentorium_core.billing.providers import TERMS
from mentorium_core.i18n import (
    format_date_long,
    format_money,
    format_number,
    format_period,
    has_text,
    t,
)
from mentorium_domain.enums import Currency, Language, ProviderName
from mentorium_domain.language import LANGUAGES
from mentorium_domain.money import amount
from mentorium_kit.clock import TASHKENT, local_day


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Which columns of a table a reader sees: `facts` with their names, or in one line without them (`inline`);
    `texts` as they were said.
    """

    facts: tuple[str, ...]
    texts: tuple[str, ...] = ()
    inline: bool = False


SHOWN: Final[Mapping[str, ShownTable]] = {  # in the order of the page
    "parents": ShownTable(
        ("telegram_id", "email", "phone", "language", "registration_completed", "chat_state", "created_at")
    ),
    "guardian_links": ShownTable(("guardian_id", "source", "linked_at")),
    "learners": ShownTable(("first_name", "last_name", "platform_student_id", "source", "added_at")),
    "consents": ShownTable(("kind", "version", "language", "granted_at", "withdrawn_at")),
    "subscriptions": ShownTable(("tariff", "amount", "status", "start_date", "expires_at", "end_reason", "auto_renew")),
    "subscription_grants": ShownTable(("tariff", "days", "reason", "granted_at")),
    "payments": ShownTable(("amount", "provider", "status", "transaction_id", "created_at")),
    "refunds": ShownTable(("requested_at", "status"), ("reason",), inline=True),
    "payme_transactions": ShownTable(("payme_id",), inline=True),
    "click_transactions": ShownTable(("prepared_at", "click_paydoc_id"), inline=True),
    "orders": ShownTable(("tariff", "amount_minor", "provider", "status", "public_id", "created_at")),
    "stars_subscriptions": ShownTable(("renewal", "period_ends_at")),
    "saved_cards": ShownTable(("masked_number", "tariff", "consented_at", "removed_at")),
    "renewal_attempts": ShownTable(("status", "tries", "due_at")),
    "card_page_links": ShownTable(("created_at", "used_at"), inline=True),
    "support_requests": ShownTable(("created_at",), ("reason",)),
    "dialogs": ShownTable(("created_at", "status"), ("user_message", "ai_reply"), inline=True),
    "ai_parent_usage": ShownTable(("day", "calls", "input_tokens", "output_tokens")),
    "report_history": ShownTable(("generated_at", "report_type", "report_period"), ("content",), inline=True),
    "notifications": ShownTable(("created_at", "notification_type", "status"), ("message",), inline=True),
    "email_channels": ShownTable(("address", "wish", "wished_at")),
    "email_messages": ShownTable(("created_at", "address", "status"), ("message",), inline=True),
    "notification_settings": ShownTable(
        (
            "report_frequency",
            "report_weekday",
            "report_hour",
            "achievement",
            "reminder",
            "subscription_sound",
            "payment_sound",
            "report_voice",
            "report_tone",
            "report_language",
            "ai",
            "changed_at",
        )
    ),
    "alerts": ShownTable(("created_at", "kind", "platform_student_id", "outcome"), inline=True),
    "used_link_codes": ShownTable(("used_at",), inline=True),
    "email_codes": ShownTable(("email", "created_at", "expires_at")),
    "invitations": ShownTable(("created_at", "expires_at")),
    "join_requests": ShownTable(("name", "status", "asked_at", "answered_at")),
    "lent_rights": ShownTable(("borrower_name", "platform_student_id", "since", "revoked_at")),
    "unlink_records": ShownTable(("first_name", "last_name", "platform_student_id", "unlinked_at", "restored_at")),
    "erase_requests": ShownTable(("asked_at", "expires_at", "declined_at"), inline=True),
    "inbox": ShownTable(("received_at",), inline=True),
    "event_logs": ShownTable(("created_at", "event_name"), inline=True),
}
_BOLD: Final = re.compile(r"\*\*([^*\n]+)\*\*")
_HEADING: Final = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
_BULLET: Final = re.compile(r"^( *)[-*] ", re.MULTILINE)
_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.6em}h2{font-size:1.2em;margin:2em 0 .5em;border-bottom:1px solid #8886;padding-bottom:.2em}"
    ".note,time,.facts{color:#777}.facts{font-size:.85em}"
    "article{margin:.7em 0;break-inside:avoid}dl{display:grid;grid-template-columns:14em 1fr;margin:0;gap:.1em 1em}"
    "dt{color:#777}dd{margin:0;overflow-wrap:anywhere}"
    ".text{white-space:pre-wrap;overflow-wrap:anywhere;border-radius:.7em;padding:.5em .8em;margin:.25em 0;"
    "background:#8881;width:fit-content;max-width:92%}"
    ".user_message{margin-left:auto;background:#3a86c822}"
    "@media(max-width:34em){dl{grid-template-columns:1fr}dt{margin-top:.4em}}"
)


class PagePieces:
    """One HTML document, written piece by piece. `reader_id`: whose rows they are."""

    suffix = "html"

    def __init__(self, language: Language, now: datetime, reader_id: int | None = None) -> None:
        self._language = language
        self._now = now
        self._reader_id = reader_id

    def head(self, part: int) -> str:
        title = escape(t(self._language, "export-title"))
        day = format_date_long(self._language, local_day(self._now))
        intro = escape(t(self._language, "export-intro", date=day))
        more = f'<p class="note">{escape(t(self._language, "export-part", part=str(part)))}</p>' if part > 1 else ""
        return (
            f'<!doctype html>\n<html lang="{self._language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{title}</title><style>{_STYLE}</style></head>"
            f'<body>\n<h1>{title}</h1>\n<p class="note">{intro}</p>{more}\n'
        )

    def open_table(self, table: str, *, is_first: bool) -> str:  # noqa: ARG002 - as JSON needs it
        key = f"export-table-{table.replace('_', '-')}"
        heading = t(self._language, key) if has_text(self._language, key) else table
        return f"<section><h2>{escape(heading)}</h2>\n"

    def row(self, table: str, row: Mapping[str, Any], *, is_first: bool) -> str:  # noqa: ARG002 - as JSON needs it
        shown = SHOWN.get(table, ShownTable(()))
        facts = {name: self._value(name, row) for name in shown.facts if row.get(name) is not None}
        texts = [(name, str(row[name])) for name in shown.texts if row.get(name)]
        said = "".join(f'<div class="text {name}">{_said(text)}</div>' for name, text in texts)
        if "" in (row.get(name) for name in shown.texts):  # its retention is over
            said += f'<div class="note">{escape(t(self._language, "export-text-gone"))}</div>'
        if shown.inline:
            return f'<article><div class="facts">{escape(" · ".join(facts.values()))}</div>{said}</article>\n'
        named = "".join(
            f"<dt>{escape(t(self._language, _key('field', name)))}</dt><dd>{escape(value)}</dd>"
            for name, value in facts.items()
        )
        return f"<article><dl>{named}</dl>{said}</article>\n"

    def close_table(self) -> str:
        return "</section>\n"

    def tail(self) -> str:
        return "</body></html>\n"

    def _value(self, name: str, row: Mapping[str, Any]) -> str:
        value = row[name]
        if isinstance(value, bool):
            return t(self._language, "export-yes" if value else "export-no")
        if isinstance(value, datetime):
            local = value.astimezone(TASHKENT)
            return f"{format_date_long(self._language, local.date())}, {local:%H:%M}"
        if name == "borrower_name" and row["borrower_id"] == self._reader_id:
            return t(self._language, "export-borrower-you")
        if name == "amount":
            return self._money(value, row["currency"])
        if name == "amount_minor":
            return self._money(amount(value, Currency(row["currency"])), row["currency"])
        if name == "report_period":
            first, _, last = str(value).partition("/")
            return format_period(self._language, date.fromisoformat(first), date.fromisoformat(last))
        if name == "language":
            return LANGUAGES[value].native_name
        if name == "provider":
            return TERMS[ProviderName(value)].title
        if name == "event_name":
            key = _key("event", str(value))
            return t(self._language, key) if has_text(self._language, key) else str(value).replace("_", " ")
        key = _key("word", str(value).lower())
        return t(self._language, key) if name in _WORDS and has_text(self._language, key) else str(value)

    def _money(self, shown: Decimal, currency: Currency) -> str:
        if currency == Currency.UZS and shown == int(shown):
            return format_money(self._language, int(shown))
        return f"{format_number(self._language, shown)} {'Stars' if currency == Currency.XTR else currency}"


_WORDS: Final = frozenset(
    {
        "source",
        "status",
        "tariff",
        "kind",
        "end_reason",
        "chat_state",
        "notification_type",
        "report_type",
        "renewal",
        "reason",
        "report_frequency",
    }
)
"""Columns that hold words of ours."""


def _key(family: str, name: str) -> str:
    return f"export-{family}-{name.replace('_', '-')}"


def _said(text: str) -> str:
    """The text as HTML. What the model marked as bold, as a heading or as a list looks so; nothing else is markup."""
    lines = _BULLET.sub(r"\1• ", _HEADING.sub(r"**\1**", text))
    return _BOLD.sub(r"<b>\1</b>", escape(lines)).replace("**", "")
