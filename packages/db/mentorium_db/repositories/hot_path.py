"""The hot path: what each update and each question asks of our database before the first words of an answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Double,
    Integer,
    String,
    bindparam,
    cast,
    exists,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from mentorium_db.claims import LEASE_S
from mentorium_db.driver import DriverStatement, Row
from mentorium_db.models import Dialog, Learner, Notification, Parent
from mentorium_db.statements import prepared
from mentorium_db.tables.identity import Consent, GuardianLink
from mentorium_db.tables.notification_settings import NotificationSettings
from mentorium_db.tables.rights import UnlinkRecord
from mentorium_db.units import Driver
from mentorium_domain.enums import ChatState, ConsentKind, DialogStatus, Language
from mentorium_kit.trace import current_trace

_PARENT: Final = DriverStatement(
    select(
        Parent.id,
        Parent.language,
        Parent.registration_completed,
        Parent.chat_state,
        exists()
        .where(
            Consent.parent_id == Parent.id,
            Consent.kind == bindparam("kind", type_=String()),
            Consent.withdrawn_at.is_(None),
        )
        .label("consented"),
        exists()
        .where(
            Notification.parent_telegram_id == Parent.telegram_id,
            Notification.status == literal_column("'unknown'"),
            Notification.notification_type == literal_column("'REPORT'"),
            Notification.reason.is_distinct_from(literal_column("'offered'")),
        )
        .label("report_in_doubt"),
    ).where(Parent.telegram_id == bindparam("telegram_id"))
)
_LINKED: Final = literal_column("1", Integer)
_UNLINKED: Final = literal_column("2", Integer)
_PROVED: Final = literal_column("3", Integer)
_SAYS_NO: Final = 4
_NO_AI: Final = literal_column(f"{_SAYS_NO}", Integer)
_TURN: Final = 5
_KNOWN: Final = 6
_NAMES_OF: Final = (
    select(_LINKED.label("how"), Learner.id, Learner.guardian_id, Learner.first_name, Learner.last_name).where(
        Learner.parent_id == bindparam("parent_id")
    ),
    select(_UNLINKED, UnlinkRecord.id, UnlinkRecord.guardian_id, UnlinkRecord.first_name, UnlinkRecord.last_name).where(
        UnlinkRecord.parent_id == bindparam("parent_id")
    ),
    select(_PROVED, GuardianLink.id, GuardianLink.guardian_id, null(), null()).where(
        GuardianLink.parent_id == bindparam("parent_id")
    ),
)
_NAMES: Final = DriverStatement(union_all(*_NAMES_OF).order_by("how", "id"))
_RECENT: Final = (
    select(Dialog.id, Dialog.user_message, Dialog.ai_reply, Dialog.hidden, Dialog.hidden_by)
    .where(
        Dialog.parent_telegram_id == bindparam("telegram_id"),
        Dialog.status == DialogStatus.ANSWERED,
        Dialog.forgotten_at.is_(None),
        Dialog.platform_student_ids.contained_by(bindparam("student_ids", type_=ARRAY(BigInteger))),
    )
    .order_by(Dialog.id.desc())
    .limit(bindparam("most", type_=Integer()))
    .subquery("recent")
)
_KNOWN_NAMES: Final = (
    select(Dialog.known_names)
    .distinct()
    .where(Dialog.parent_telegram_id == bindparam("telegram_id"), Dialog.known_names.is_not(None))
    .subquery("known")
)
_NOTHING: Final = (cast(null(), JSONB).label("hidden"), cast(null(), String).label("hidden_by"))
_NO_NAMES: Final = cast(null(), ARRAY(String)).label("known_names")
_ANSWER_CONTEXT: Final = DriverStatement(
    union_all(
        *(one.add_columns(*_NOTHING, _NO_NAMES) for one in _NAMES_OF),
        select(_NO_AI, NotificationSettings.parent_id, null(), null(), null(), *_NOTHING, _NO_NAMES).where(
            NotificationSettings.parent_id == bindparam("parent_id"), NotificationSettings.ai.is_(False)
        ),
        select(
            literal_column(f"{_TURN}", Integer),
            *(_RECENT.c.id, null(), _RECENT.c.user_message, _RECENT.c.ai_reply),
            *(_RECENT.c.hidden, _RECENT.c.hidden_by, _NO_NAMES),
        ),
        select(
            literal_column(f"{_KNOWN}", Integer),
            *(literal_column("0", Integer), null(), null(), null(), *_NOTHING, _KNOWN_NAMES.c.known_names),
        ),
    ).order_by("how", "id")
)
_STORE_QUESTION: Final = DriverStatement(
    prepared(
        """
        WITH before AS (
            SELECT EXISTS (
                SELECT FROM (
                    SELECT status, owner FROM dialogs WHERE parent_telegram_id = :telegram_id ORDER BY id DESC LIMIT 30
                ) last WHERE status IN ('pending', 'answering', 'written') AND owner IS DISTINCT FROM :owner
            ) AS elsewhere
        ), stored AS (
            INSERT INTO dialogs (parent_telegram_id, idempotency_key, user_message, status, language, created_at,
                trace_id, owner, lease_until, tries)
            SELECT :telegram_id, :key, :text, CASE WHEN elsewhere THEN 'pending' ELSE :status END, :language, :now,
                :trace_id, :owner, clock_timestamp() + make_interval(secs => :lease_s), 1 FROM before
            ON CONFLICT (idempotency_key) DO NOTHING RETURNING id
        )
        SELECT id, elsewhere FROM stored CROSS JOIN before
        """,
        telegram_id=BigInteger(),
        key=String(),
        text=String(),
        status=String(),
        language=String(),
        now=DateTime(timezone=True),
        trace_id=String(),
        owner=String(),
        lease_s=Double(),
    )
)
_OURS: Final = "WHERE id = :dialog_id AND owner = :owner"
_WRITE: Final = DriverStatement(
    prepared(
        f"""
        UPDATE dialogs SET status = 'written', answered_at = :now, ai_reply = :reply, tokens_used = :tokens_used,
            model = :model, hidden = :hidden, hidden_by = :hidden_by, platform_student_ids = :student_ids,
            known_names = :known_names, parts_begun = 1
        {_OURS} AND status IN ('pending', 'answering') RETURNING id
        """,  # noqa: S608 - constants of this file
        dialog_id=Integer(),
        owner=String(),
        now=DateTime(timezone=True),
        reply=String(),
        tokens_used=Integer(),
        model=String(),
        hidden=JSONB(),
        hidden_by=String(),
        student_ids=ARRAY(BigInteger),
        known_names=ARRAY(String),
    )
)
_DELIVER_PART: Final = DriverStatement(
    prepared(
        f"""
        UPDATE dialogs SET parts_delivered = :parts, parts_begun = :parts + 1
        {_OURS} AND status = 'written' RETURNING id
        """,  # noqa: S608 - constants of this file
        dialog_id=Integer(),
        owner=String(),
        parts=Integer(),
    )
)
_BEGIN_PART: Final = DriverStatement(
    prepared(
        f"UPDATE dialogs SET parts_begun = :parts {_OURS} AND status = 'written' RETURNING id",  # noqa: S608
        dialog_id=Integer(),
        owner=String(),
        parts=Integer(),
    )
)
_DELIVER_LAST_PART: Final = DriverStatement(
    prepared(
        f"""
        UPDATE dialogs SET parts_delivered = :parts, status = 'answered', owner = NULL, lease_until = NULL
        {_OURS} AND status = 'written' RETURNING id
        """,  # noqa: S608 - constants of this file
        dialog_id=Integer(),
        owner=String(),
        parts=Integer(),
    )
)


_HAS_NO_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class FoundParent:
    """A parent as each update meets them; `consented`: whether their consent of the kind asked for stands.

    `report_in_doubt`: of some report it is not known whether it has arrived, and it was not offered yet.
    """

    id: int
    language: Language
    registration_completed: bool
    chat_state: ChatState
    consented: bool
    report_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class EarlierTurn:
    """A question and its answer; `hidden` is both as the model may read them, by the rules of version `hidden_by`."""

    id: int
    user_message: str
    ai_reply: str
    hidden: dict[str, Any] | None
    hidden_by: str | None


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """`children` and `guardian_ids` as of `HotPathRepository.names`; `earlier`: questions with answers, newest last.

    `wants_ai`: whether a model may write to this parent. `known_names`: hashes of the stems of all names that this
    parent's dialogs know, since 90 days at most.
    """

    children: tuple[str, ...]
    guardian_ids: frozenset[int]
    wants_ai: bool
    earlier: tuple[EarlierTurn, ...]
    known_names: frozenset[str]


class HotPathRepository:
    """Over the driver's connection (`mentorium_db.driver_connection`)."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def parent(self, telegram_id: int, kind: ConsentKind) -> FoundParent | None:
        """The parent with this Telegram id, and whether their consent of this kind stands."""
        rows = await _PARENT.fetch(self._driver, telegram_id=telegram_id, kind=kind)
        return _found(rows[0]) if rows else None

    async def names(self, parent_id: int) -> tuple[tuple[str, ...], frozenset[int]]:
        """The names of the children that we keep, first linked first; the guardians whose names the platform keeps.

        Children whom the parent may no longer see are among them, and those unlinked a short time ago.
        """
        rows = await _NAMES.fetch(self._driver, parent_id=parent_id)
        return _children(rows), frozenset(row["guardian_id"] for row in rows)

    async def answer_context(
        self, parent_id: int, telegram_id: int, student_ids: Collection[int], most: int
    ) -> AnswerContext:
        """What an answer to this parent is made with besides data, by one statement. `most`: earlier questions.

        Those are answered ones since the parent last said "forget it"; what was answered from the data of a child who
        is not among `student_ids` is left out, and so is what a release before has answered without saying whose data
        it told.
        """
        rows = await _ANSWER_CONTEXT.fetch(
            self._driver, parent_id=parent_id, telegram_id=telegram_id, student_ids=list(student_ids), most=most
        )
        return AnswerContext(
            children=_children(rows),
            guardian_ids=frozenset(row["guardian_id"] for row in rows if row["how"] < _SAYS_NO),
            wants_ai=not any(row["how"] == _SAYS_NO for row in rows),
            earlier=tuple(_turn(row) for row in rows if row["how"] == _TURN),
            known_names=frozenset().union(*(row["known_names"] for row in rows if row["how"] == _KNOWN)),
        )

    async def store_question(
        self,
        telegram_id: int,
        text: str,
        *,
        idempotency_key: str | None,
        language: Language,
        now: datetime,
        status: DialogStatus,
        owner: str,
        lease_s: float = LEASE_S,
    ) -> tuple[int, bool] | None:
        """Store a question that awaits its answer, claimed by `owner`; None if the key is known already.

        Its id, and whether another process has a question of this parent open: then it is pending in any case.
        """
        rows = await _STORE_QUESTION.fetch(
            self._driver,
            telegram_id=telegram_id,
            key=idempotency_key,
            text=text,
            status=status,
            language=language,
            now=now,
            trace_id=current_trace(),
            owner=owner,
            lease_s=lease_s,
        )
        return (int(rows[0]["id"]), bool(rows[0]["elsewhere"])) if rows else None

    async def write(
        self,
        dialog_id: int,
        owner: str,
        reply: str,
        *,
        tokens_used: int,
        model: str,
        now: datetime,
        student_ids: Collection[int] | None = None,
        hidden: dict[str, Any] | None = None,
        hidden_by: str | None = None,
        known_names: Collection[str] = (),
    ) -> bool:
        """The answer is there, made from the data of these children, and its first part about to be delivered.

        False where the question is no longer this owner's. `hidden` is question and answer as the model may read them,
        `hidden_by` the version of the rules for that, `known_names` are hashes of those that were hidden.
        """
        moved = await _WRITE.fetch(
            self._driver,
            dialog_id=dialog_id,
            owner=owner,
            now=now,
            reply=reply,
            tokens_used=tokens_used,
            model=model,
            hidden=json.dumps(hidden) if hidden is not None else None,
            hidden_by=hidden_by,
            student_ids=sorted(student_ids) if student_ids is not None else None,
            known_names=sorted(known_names) or None,
        )
        return bool(moved)

    async def deliver_part(self, dialog_id: int, owner: str, parts: int, *, last: bool) -> bool:
        """So many parts of the answer are in the chat, and the next is about to be; with the last it is answered.

        False as of `write`.
        """
        statement = _DELIVER_LAST_PART if last else _DELIVER_PART
        return bool(await statement.fetch(self._driver, dialog_id=dialog_id, owner=owner, parts=parts))

    async def begin_part(self, dialog_id: int, owner: str, parts: int) -> bool:
        """No more than so many parts of the answer can be in the chat. False as of `write`."""
        return bool(await _BEGIN_PART.fetch(self._driver, dialog_id=dialog_id, owner=owner, parts=parts))


def _found(row: Row) -> FoundParent:
    return FoundParent(
        row["id"],
        Language(row["language"]),
        row["registration_completed"],
        ChatState(row["chat_state"]),
        row["consented"],
        row["report_in_doubt"],
    )


def _children(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(
        f"{row['first_name'] or ''} {row['last_name'] or ''}".strip() for row in rows if row["how"] < _HAS_NO_NAME
    )


def _turn(row: Row) -> EarlierTurn:
    return EarlierTurn(row["id"], row["first_name"], row["last_name"] or "", row["hidden"], row["hidden_by"])
