"""Retention: how long each table's rows are kept, in one list. The worker keeps it, `docs/PRIVACY.md` shows it.

A table that is not named here turns a test red. What has no sweep of its own says with what it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows whose moment `since` lies further back than `kept_for` are deleted, or emptied.

    `part`: only those that `mentorium_db.repositories.retention.PARTS` describes under this name, which also says what
    of them is emptied; `then` says the same in words.
    """

    since: str
    kept_for: timedelta
    part: str | None = None
    then: str = "deleted"

    def __str__(self) -> str:
        """`90 days after created_at: deleted`."""
        days = f"{self.kept_for.days} day{'' if self.kept_for.days == 1 else 's'}"
        return f"{days} after `{self.since}`: {self.then}" if self.kept_for else f"at `{self.since}`: {self.then}"


@dataclass(frozen=True, slots=True)
class Retention:
    """`table` with its schema where that is not `public`; what it `holds`, and `why` it is kept for so long.

    Without `sweeps`, rows go `with_` the table that is named there, or stay (None).
    """

    table: str
    holds: str
    why: str
    sweeps: tuple[Sweep, ...] = ()
    with_: str | None = None

    @property
    def kept(self) -> str:
        """In words, for `docs/PRIVACY.md`."""
        if self.sweeps:
            return "; ".join(map(str, self.sweeps))
        return f"with `{self.with_}`" if self.with_ else "stays"


RETENTION: Final = (
    Retention(
        "parents",
        "Telegram id, e-mail and telephone that proved who it is, language",
        "it is the account: until /erase",
    ),
    Retention("guardian_links", "which guardian of the platform the parent is", "as the account", with_="parents"),
    Retention(
        "learners",
        "which children the parent sees, their names as last read",
        "until the child is unlinked, at most as the account",
        with_="parents",
    ),
    Retention("consents", "which text was agreed to, when, in which language", "proves the consent", with_="parents"),
    Retention("subscriptions", "stretches of access", "what was paid for, and the next price", with_="parents"),
    Retention("subscription_grants", "access given without payment", "as the subscription", with_="subscriptions"),
    Retention(
        "payments",
        "amount, provider, transaction; no owner any more after /erase",
        "the books: five years after the year they are of (laws on accounting and taxes)",
        (Sweep("created_at", 6 * 366 * DAY),),
    ),
    Retention(
        "orders",
        "what a parent chose to buy, and by which way to pay; no owner any more after /erase",
        "as the payments, which say what was sold",
        (Sweep("created_at", 6 * 366 * DAY),),
    ),
    Retention(
        "ledger_entries",
        "what a provider owes us for which payment; names nobody",
        "the books; never changed",
        with_="payments",
    ),
    Retention("refunds", "that a payment was given back, by whom and why", "as the payment", with_="payments"),
    Retention("payme_transactions", "the payment in Payme's words and moments", "as the payment", with_="payments"),
    Retention("click_transactions", "the payment in Click's words", "as the payment", with_="payments"),
    Retention(
        "stars_subscriptions", "that Telegram renews a subscription, and its end", "as the order", with_="orders"
    ),
    Retention(
        "provider_calls",
        "what a provider asked and what it was answered, without secrets; an order by its opaque id",
        "disputes about payments, a school year and a month",
        (Sweep("created_at", 400 * DAY),),
    ),
    Retention(
        "card_page_links",
        "that a parent was given a link to the card page; the link as a hash",
        "a link lives a quarter of an hour",
        (Sweep("expires_at", DAY),),
    ),
    Retention(
        "saved_cards",
        "the token by which Payme knows a card, its last digits, and the consent to charge it",
        "until /erase: a removed one stays, without its token, as the proof of the consent",
        with_="parents",
    ),
    Retention("renewal_attempts", "each charge of a saved card", "as the card", with_="saved_cards"),
    Retention(
        "support_requests",
        "what a parent asked about a payment",
        "disputes about payments, a school year and a month",
        (Sweep("created_at", 400 * DAY),),
    ),
    Retention(
        "dialogs",
        "questions, answers, how they were delivered, and the names known by then as keyed hashes",
        "the mentor remembers ten messages; a parent can come back to a term's",
        (Sweep("created_at", 90 * DAY),),
    ),
    Retention(
        "ai_parent_usage",
        "tokens of the language model that a parent took on a day, and what they cost; no talk",
        "the cost of the service is reckoned by school year and a month",
        (Sweep("first_call_at", 400 * DAY),),
    ),
    Retention(
        "ai_daily_usage",
        "what the language model cost on a day; names nobody",
        "the cost of the service is reckoned by school year and a month",
        (Sweep("first_call_at", 400 * DAY),),
    ),
    Retention(
        "report_history",
        "reports as they were written, and what they were written from",
        "no action and no wording is repeated within a school year",
        (Sweep("generated_at", 400 * DAY),),
    ),
    Retention(
        "report_runs",
        "that the reports of a week or month were begun; names nobody",
        "none is begun twice",
        (Sweep("started_at", 400 * DAY),),
    ),
    Retention(
        "period_runs",
        "which day's reports were begun, and since when they are stored; names nobody",
        "none is begun twice",
        (Sweep("started_at", 400 * DAY),),
    ),
    Retention(
        "report_shells",
        "the words that the model wrote around the sentences of reports, without names and numbers; names nobody",
        "reports that are alike are worded once a month",
        (Sweep("made_at", 35 * DAY),),
    ),
    Retention("period_run_batches", "how far a run is; names nobody", "as the run", with_="period_runs"),
    Retention(
        "paid_broadcasts",
        "that an operator let a run be paid for, up to how many Stars, and why; names nobody",
        "what was charged is compared with it",
        (Sweep("allowed_at", 400 * DAY),),
    ),
    Retention(
        "notifications",
        "messages of the outbox, and what became of them",
        "the text answers what a parent was told; the row stays so that a fact is told once",
        (Sweep("created_at", 90 * DAY, "texts", "the text is emptied"), Sweep("created_at", 400 * DAY, "emptied")),
    ),
    Retention(
        "email_channels",
        "whether reports go by e-mail too, and to which address; the consent's moment",
        "a choice stands until it is changed",
        with_="parents",
    ),
    Retention(
        "email_messages",
        "which letters were sent to which address, and the text of notices among them",
        "as the texts of notifications",
        (Sweep("created_at", 90 * DAY),),
    ),
    Retention(
        "notification_settings",
        "which reports a parent wants, when and how they speak, whether a model may write them, and which messages",
        "a choice stands until it is changed",
        with_="parents",
    ),
    Retention(
        "alerts",
        "what a parent is to hear of a child between reports; what it says goes once it is told",
        "the row stays so that a fact is told once",
        (Sweep("created_at", 60 * DAY),),
    ),
    Retention(
        "alert_checks",
        "that all children were looked at on a day; names nobody",
        "operators look back a month",
        (Sweep("started_at", 60 * DAY),),
    ),
    Retention("feed_cursors", "how far the platform's changes were read; names nobody", "one row a feed"),
    Retention(
        "notification_pictures",
        "pictures of messages that wait; written by the release before alone, now they are drawn when they are sent",
        "until the message is sent or nobody wants it any more",
        (Sweep("expires_at", 0 * DAY),),
    ),
    Retention(
        "inbox",
        "updates of Telegram; handled ones only by their ids",
        "Telegram repeats what is not confirmed for a day; what was set aside waits for an operator",
        (Sweep("ended_at", 3 * DAY, "ended"), Sweep("received_at", 14 * DAY, "set_aside", "emptied but for its id")),
    ),
    Retention("webhook_registrations", "where Telegram sends updates, as a hash", "one row a bot; names nobody"),
    Retention(
        "email_codes",
        "the address a code was mailed to, while the code is awaited",
        "a code lives ten minutes; who types it within the day is told that it is over",
        (Sweep("expires_at", DAY),),
    ),
    Retention(
        "code_attempts",
        "that somebody asked for a code or typed a wrong one, as an HMAC",
        "no limit looks back further than a day",
        (Sweep("attempted_at", 2 * DAY),),
    ),
    Retention(
        "used_link_codes",
        "that a link of the platform was used, and by whom",
        "a link lives a quarter of an hour; support is asked about it within the month",
        (Sweep("used_at", 30 * DAY),),
    ),
    Retention(
        "invitations",
        "that a second adult was invited; the link as a hash",
        "an invitation lives a day; support is asked about it within the month",
        (Sweep("expires_at", 30 * DAY),),
    ),
    Retention("join_requests", "who came with an invitation, by what name", "as the invitation", with_="invitations"),
    Retention(
        "lent_rights",
        "whom a parent lets see which child, by what name, and since when not any more",
        "what stands is in use; who could see a child is asked about for a school year and a month",
        (Sweep("revoked_at", 400 * DAY),),
    ),
    Retention(
        "unlink_records",
        "links with children that were ended, as they were",
        "an undo is possible for ten minutes",
        (Sweep("unlinked_at", DAY),),
    ),
    Retention(
        "erase_requests",
        "that somebody asked to have their data deleted, and what they answered",
        "a yes counts for ten minutes",
        (Sweep("expires_at", DAY),),
    ),
    Retention("staff_news", "that the staff's chat was told of an event", "it is told once", with_="event_logs"),
    Retention(
        "event_logs",
        "what happened, by Telegram id; no talk and no results",
        "disputes about access and payments, a school year and a month",
        (Sweep("created_at", 400 * DAY),),
    ),
    Retention("alembic_version", "which migrations have run", "one row; names nobody"),
    Retention(
        "pgqueuer.pgqueuer",
        "jobs that wait or were held; ids and moments, no names",
        "a job goes when it is done; a held one waits for an operator;"
        " one that names a payer or holds a card's token goes first",
        (Sweep("updated", 90 * DAY, "held"), Sweep("updated", 7 * DAY, "held_private")),
    ),
    Retention(
        "pgqueuer.pgqueuer_log",
        "that jobs were done, by number and kind",
        "operators look back a month",
        (Sweep("created", 30 * DAY),),
    ),
    Retention(
        "pgqueuer.pgqueuer_statistics",
        "jobs by second and kind, where somebody looks at pgqueuer's dashboard",
        "as the event log",
        (Sweep("created", 400 * DAY),),
    ),
    Retention("pgqueuer.pgqueuer_schedules", "nothing: due moments live in our own tables", "names nobody"),
)
"""Every table of the bot's database. The numbers of the product: dialogs 90 days, handled updates 3, those set aside
14, texts of notifications 90, the event log 400."""
