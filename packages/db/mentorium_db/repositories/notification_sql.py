"""The statements of the outbox. `:now` is the product's time; leases and pauses are the database server's own.

Who waits for the outbox is told by a NOTIFY on `CHANNEL`, in the commit of what there is to be told.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    String,
)

from mentorium_db.statements import prepared

CHANNEL: Final = "mentorium_outbox"


MOMENT: Final = DateTime(timezone=True)
CLAIM_COLUMNS: Final = (
    "n.id, n.attempts AS attempt, n.parent_telegram_id AS telegram_id, n.notification_type AS kind, n.message,"
    " n.send_at, n.repeated, n.report_id, n.trace_id, n.platform_student_id AS student_id, n.buttons, n.notice,"
    " n.dedup_key, (SELECT p.language FROM parents p WHERE p.telegram_id = n.parent_telegram_id) AS reader_language,"
    " (SELECT h.report_type FROM report_history h WHERE h.id = n.report_id) AS report_type,"
    " (SELECT h.language FROM report_history h WHERE h.id = n.report_id) AS language"
)

ADD: Final = prepared(
    """
    WITH told AS (
        SELECT DISTINCT ON (dedup_key) * FROM unnest(
            :telegram_ids, :kinds, :messages, :keys, :lanes, :send_ats, :expires_ats, :report_ids, :students,
            :buttons, :notices, :lines, :run_ids
        ) WITH ORDINALITY AS t (
            telegram_id, kind, message, dedup_key, lane, send_at, expires_at, report_id, student_id, buttons, notice,
            line, run_id, number
        )
        ORDER BY dedup_key, number
    ), added AS (
        INSERT INTO notifications (
            parent_telegram_id, notification_type, message, dedup_key, priority, send_at, expires_at, report_id,
            platform_student_id, buttons, notice, line, run_id, created_at, status, reason, trace_id
        )
        SELECT t.telegram_id, t.kind, t.message, t.dedup_key, t.lane, t.send_at, t.expires_at, t.report_id,
            t.student_id, t.buttons::jsonb, t.notice, t.line, t.run_id, :now,
            CASE p.chat_state WHEN 'open' THEN 'pending' ELSE 'skipped' END,
            CASE p.chat_state WHEN 'open' THEN NULL ELSE 'chat_closed' END, :trace_id
        FROM told t JOIN parents p ON p.telegram_id = t.telegram_id
        ORDER BY t.number
        ON CONFLICT (dedup_key) DO NOTHING
        RETURNING id, dedup_key
    )
    SELECT id, dedup_key, (SELECT pg_notify(:channel, '')) FROM added
    """,
    telegram_ids=ARRAY(BigInteger),
    kinds=ARRAY(String),
    messages=ARRAY(String),
    keys=ARRAY(String),
    lanes=ARRAY(SmallInteger),
    send_ats=ARRAY(MOMENT),
    expires_ats=ARRAY(MOMENT),
    report_ids=ARRAY(Integer),
    students=ARRAY(BigInteger),
    buttons=ARRAY(String),
    notices=ARRAY(String),
    lines=ARRAY(String),
    run_ids=ARRAY(Integer),
    trace_id=String(),
    now=MOMENT,
    channel=String(),
)
# Chats that wait: written to a moment ago, or told to by Telegram; or a message is under way, in whoever's hands. There
# are few of them, and they are read once a statement: how much waits for such a chat makes no claim slower.
_HELD: Final = """
    held AS MATERIALIZED (
        SELECT parent_telegram_id FROM notifications
        WHERE attempts > 0 AND held_until > statement_timestamp()
            AND (status <> 'pending' OR reason = 'too_many_requests')
        UNION ALL SELECT parent_telegram_id FROM notifications WHERE status = 'sending'
    )"""
# Report runs whose reports are not all stored yet: none of their messages leaves.
_CLOSED: Final = "closed AS MATERIALIZED (SELECT id FROM period_runs WHERE stored_at IS NULL AND opens_at > :now)"
_OPEN: Final = "(n.run_id IS NULL OR n.run_id NOT IN (SELECT id FROM closed))"
_PAYABLE: Final = "b.stopped_at IS NULL AND b.taken < b.star_budget * 10"
# What was not taken as paid for once, perhaps for what it says, goes at the free rate.
# `reason` tells it of a row of the release before, until something else becomes of it.
_MAY_BE_PAID: Final = "NOT n.payment_refused AND n.reason IS DISTINCT FROM 'payment_refused'"
_CLAIMABLE: Final = f"""
    n.status = 'pending' AND n.send_at <= :now AND n.expires_at > :now AND n.held_until <= statement_timestamp()
        AND n.parent_telegram_id NOT IN (SELECT parent_telegram_id FROM held)
        AND (:children OR n.platform_student_id IS NULL) AND (:awake OR n.priority = 1 OR n.notice IS NULL)
        AND {_OPEN}"""  # noqa: S608 - constants of this file
# On whose rights the parent's link with the child stands at this moment.
GUARDIAN: Final = """(
        SELECT l.guardian_id FROM learners l JOIN parents p ON p.id = l.parent_id
        WHERE p.telegram_id = n.parent_telegram_id AND l.platform_student_id = n.platform_student_id
            AND (l.invited_by IS NULL OR EXISTS (
                SELECT FROM lent_rights r
                WHERE r.lender_id = l.invited_by AND r.borrower_id = l.parent_id
                    AND r.platform_student_id = l.platform_student_id AND r.revoked_at IS NULL
            ))
    )"""
# What the parent has chosen by now; NULL: nothing.
_PREFERENCES: Final = """(
        SELECT to_jsonb(s) FROM notification_settings s JOIN parents p ON p.id = s.parent_id
        WHERE p.telegram_id = n.parent_telegram_id
    )"""
# Each lane by itself: what is due in it is read, and not the million that a morning is still to bring.
MOST_URGENT: Final = prepared(
    f"""
    WITH {_HELD}, {_CLOSED}
    SELECT n.priority, {_MAY_BE_PAID} AND EXISTS (
        SELECT FROM period_runs r JOIN paid_broadcasts b USING (report_type, report_period)
        WHERE r.id = n.run_id AND {_PAYABLE}
    ) AS paid
    FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
        SELECT n.priority, n.run_id, n.reason, n.payment_refused FROM notifications n
        WHERE n.priority = lane AND {_CLAIMABLE} ORDER BY n.send_at, n.id LIMIT 1
    ) n ORDER BY n.priority LIMIT 1
    """,  # noqa: S608 - constants of this file
    now=MOMENT,
    children=Boolean(),
    awake=Boolean(),
)
_SLEEPS: Final = """NOT :awake AND EXISTS (
            SELECT FROM (VALUES (2), (3)) lanes (lane), LATERAL (
                SELECT FROM notifications
                WHERE status = 'pending' AND priority = lane AND send_at <= :now AND notice IS NOT NULL LIMIT 1
            ) first
        ) AS sleeps"""
# Seconds until something that waits by the database's clock may be taken, and when something is due by the product's.
NEXT: Final = prepared(
    f"""
    SELECT
        extract(epoch FROM least(
            (SELECT min(held_until) FROM notifications
                WHERE attempts > 0 AND held_until > statement_timestamp() AND status = 'pending' AND send_at <= :now),
            (SELECT min(h.held_until) FROM notifications h
                WHERE h.attempts > 0 AND h.held_until > statement_timestamp() AND h.status NOT IN ('pending', 'sending')
                    AND EXISTS (
                        SELECT FROM notifications w
                        WHERE w.parent_telegram_id = h.parent_telegram_id AND w.status = 'pending' AND w.send_at <= :now
                    ))
        ) - statement_timestamp())::float8 AS held_s,
        (SELECT min(next_at) FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
            SELECT min(send_at) AS next_at FROM notifications
            WHERE status = 'pending' AND priority = lane AND send_at > :now
        ) soonest) AS next_at,
        {_SLEEPS}
    """,  # noqa: S608 - a constant of this file
    now=MOMENT,
    awake=Boolean(),
)
# Of all lanes that the permits are good for, each by itself as above; of several messages to one chat the most urgent,
# then the oldest.
CLAIM: Final = prepared(
    f"""
    WITH {_HELD}, {_CLOSED}, due AS (
        SELECT n.* FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
            SELECT n.id, n.parent_telegram_id, n.priority, n.send_at FROM notifications n
            WHERE n.priority = lane AND {_CLAIMABLE}
            ORDER BY n.send_at, n.id
            LIMIT :most FOR UPDATE OF n SKIP LOCKED
        ) n WHERE lane <= :lane ORDER BY n.priority, n.send_at, n.id LIMIT :most
    ), chosen AS (
        SELECT DISTINCT ON (parent_telegram_id) id FROM due ORDER BY parent_telegram_id, priority, send_at, id
    )
    UPDATE notifications n
    SET status = 'sending', attempts = n.attempts + 1, owner = :owner,
        held_until = clock_timestamp() + make_interval(secs => :lease_s)
    FROM chosen WHERE n.id = chosen.id
    RETURNING {CLAIM_COLUMNS}, n.priority, n.held_until AS lease_until, {GUARDIAN} AS guardian_id,
        {_PREFERENCES} AS preferences,
        (SELECT png FROM notification_pictures p WHERE p.notification_id = n.id) AS picture -- of the release before
    """,  # noqa: S608 - constants of this file
    lane=Integer(),
    children=Boolean(),
    awake=Boolean(),
    now=MOMENT,
    most=Integer(),
    lease_s=Double(),
    owner=String(),
)
# The same of the run that is next, where its messages may be paid for, as many as its budget has left: counted as they
# are taken. Of which run is asked as in MOST_URGENT: one whose budget is left over keeps no other waiting.
CLAIM_PAID: Final = prepared(
    f"""
    WITH {_HELD}, {_CLOSED}, first AS MATERIALIZED (
        SELECT n.run_id FROM notifications n WHERE {_CLAIMABLE} AND n.priority = 2 ORDER BY n.send_at, n.id LIMIT 1
    ), budget AS MATERIALIZED (
        SELECT b.report_type, b.report_period, b.star_budget * 10 - b.taken AS messages
        FROM first JOIN period_runs r ON r.id = first.run_id JOIN paid_broadcasts b USING (report_type, report_period)
        WHERE {_PAYABLE} FOR UPDATE OF b
    ), due AS (
        SELECT n.id, n.parent_telegram_id, n.priority, n.send_at FROM notifications n
        WHERE {_CLAIMABLE} AND n.priority = 2 AND {_MAY_BE_PAID}
            AND n.run_id IN (SELECT r.id FROM period_runs r JOIN budget USING (report_type, report_period))
        ORDER BY n.priority, n.send_at, n.id
        LIMIT least(:most, coalesce((SELECT messages FROM budget), 0)) FOR UPDATE OF n SKIP LOCKED
    ), chosen AS (
        SELECT DISTINCT ON (parent_telegram_id) id FROM due ORDER BY parent_telegram_id, priority, send_at, id
    ), counted AS (
        UPDATE paid_broadcasts b SET taken = b.taken + (SELECT count(*) FROM chosen) FROM budget
        WHERE b.report_type = budget.report_type AND b.report_period = budget.report_period
    )
    UPDATE notifications n
    SET status = 'sending', attempts = n.attempts + 1, owner = :owner,
        held_until = clock_timestamp() + make_interval(secs => :lease_s)
    FROM chosen WHERE n.id = chosen.id
    RETURNING {CLAIM_COLUMNS}, n.priority, n.held_until AS lease_until, {GUARDIAN} AS guardian_id,
        {_PREFERENCES} AS preferences, NULL::bytea AS picture
    """,  # noqa: S608 - constants of this file
    children=Boolean(),
    awake=Boolean(),
    now=MOMENT,
    most=Integer(),
    lease_s=Double(),
    owner=String(),
)
RECORD: Final = prepared(
    """
    WITH told AS (
        SELECT * FROM unnest(:ids, :attempts, :statuses, :holds, :reasons, :message_ids, :repeated, :leases)
            AS t (id, attempt, status, hold_s, reason, message_id, repeated, uncounted_lease)
    ), recorded AS (
        UPDATE notifications n SET
            status = t.status, held_until = clock_timestamp() + make_interval(secs => t.hold_s), reason = t.reason,
            telegram_message_id = t.message_id, repeated = t.repeated,
            payment_refused = n.payment_refused OR n.reason IS NOT DISTINCT FROM 'payment_refused'
                OR t.reason IS NOT DISTINCT FROM 'payment_refused',
            sent_at = CASE t.status WHEN 'sent' THEN :now END,
            attempts = n.attempts - CASE WHEN t.uncounted_lease IS NULL THEN 0 ELSE 1 END
        FROM told t
        WHERE n.id = t.id AND n.attempts = t.attempt
            AND (t.uncounted_lease IS NULL OR n.held_until = t.uncounted_lease)
            AND (n.status = 'sending' OR (n.status IN ('unknown', 'pending') AND t.status = 'sent'))
        RETURNING n.id, n.status, n.reason, n.parent_telegram_id
    ), waiting AS (
        SELECT FROM recorded r
        WHERE r.status = 'pending' OR EXISTS (
            SELECT FROM notifications w WHERE w.parent_telegram_id = r.parent_telegram_id AND w.status = 'pending'
        )
        LIMIT 1
    ), cleared AS (
        DELETE FROM notification_pictures p USING recorded r
        WHERE p.notification_id = r.id AND r.status <> 'pending'
            AND (r.status <> 'skipped' OR r.reason = 'right_ended')
    )
    SELECT id, (SELECT pg_notify(:channel, '') FROM waiting) FROM recorded
    """,
    ids=ARRAY(BigInteger),
    attempts=ARRAY(Integer),
    statuses=ARRAY(String),
    holds=ARRAY(Double),
    reasons=ARRAY(String),
    message_ids=ARRAY(BigInteger),
    repeated=ARRAY(Boolean),
    leases=ARRAY(MOMENT),
    now=MOMENT,
    channel=String(),
)
RELEASE_PREDECESSORS: Final = prepared(
    """
    UPDATE notifications SET held_until = clock_timestamp()
    WHERE status = 'sending' AND starts_with(owner, :place) AND owner <> :owner RETURNING id
    """,
    place=String(),
    owner=String(),
)
EXPIRED_LEASES: Final = prepared(
    f"""
    SELECT {CLAIM_COLUMNS}, n.held_until AS lease_until, NULL::bigint AS guardian_id, NULL::bytea AS picture,
        NULL::jsonb AS preferences
    FROM notifications n
    WHERE n.status = 'sending' AND n.held_until <= clock_timestamp()
    LIMIT :most FOR UPDATE SKIP LOCKED
    """,  # noqa: S608 - the columns are a constant of this file
    most=Integer(),
)
EXPIRE: Final = prepared(
    """
    WITH expired AS (
        UPDATE notifications SET status = 'expired'
        WHERE id IN (
            SELECT id FROM notifications WHERE status = 'pending' AND expires_at <= :now
            ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED
        )
        RETURNING id, notification_type
    ), cleared AS (
        DELETE FROM notification_pictures p USING expired e WHERE p.notification_id = e.id
    )
    SELECT notification_type, count(*) AS count FROM expired GROUP BY 1
    """,
    now=MOMENT,
    most=Integer(),
)
SKIP: Final = prepared(
    """
    UPDATE notifications SET status = 'skipped', reason = :reason
    WHERE parent_telegram_id = :telegram_id AND status = 'pending' RETURNING id
    """,
    telegram_id=BigInteger(),
    reason=String(),
)
# Reports that a release before has put in: their key names the child, `report:w:2026-11-16:p42:c7`.
NAME_CHILDREN: Final = prepared("""
    UPDATE notifications SET platform_student_id = substring(dedup_key FROM '[:]c([1-9][0-9]{0,17})$')::bigint
    WHERE status = 'pending' AND platform_student_id IS NULL AND dedup_key ~ '^report:[wm]:.*[:]c[1-9][0-9]{0,17}$'
    RETURNING id
    """)
FORGET_WAITING: Final = prepared(
    """
    DELETE FROM notifications n
    USING unnest(:parents, :students) AS ended (parent_id, student_id) JOIN parents p ON p.id = ended.parent_id
    WHERE n.parent_telegram_id = p.telegram_id AND n.platform_student_id = ended.student_id
        AND n.status IN ('pending', 'skipped')
    RETURNING n.id
    """,
    parents=ARRAY(BigInteger),
    students=ARRAY(BigInteger),
)
# A report's teacher's words (`report:w:2026-11-16:p42:c7:words`) come back with it, and never without.
REVIVE: Final = prepared(
    """
    WITH last AS (
        SELECT id, dedup_key FROM notifications
        WHERE parent_telegram_id = :telegram_id AND status = 'skipped' AND notification_type = :kind
            AND reason = 'chat_closed' AND dedup_key !~ '[:]words$'
        ORDER BY id DESC LIMIT :most
    ), revived AS (
        UPDATE notifications SET status = 'pending', reason = NULL, held_until = clock_timestamp(),
            platform_student_id = coalesce(
                platform_student_id,
                substring(dedup_key FROM '^report:[wm]:.*[:]c([1-9][0-9]{0,17})([:]words)?$')::bigint
            )
        WHERE expires_at > :now AND parent_telegram_id = :telegram_id AND status = 'skipped' AND reason = 'chat_closed'
            AND (id IN (SELECT id FROM last) OR dedup_key IN (SELECT dedup_key || '\\:words' FROM last))
        RETURNING id
    )
    SELECT id, (SELECT pg_notify(:channel, '')) FROM revived ORDER BY id
    """,
    telegram_id=BigInteger(),
    kind=String(),
    now=MOMENT,
    most=Integer(),
    channel=String(),
)
LOAD: Final = prepared(
    f"""
    WITH {_CLOSED}
    SELECT
        (SELECT count(*) FROM notifications WHERE status = 'sending')
        + (SELECT count(*) FROM (
            SELECT FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
                SELECT FROM notifications n
                WHERE status = 'pending' AND priority = lane AND send_at <= :now
                    AND held_until <= clock_timestamp() + interval '2 seconds'
                    AND (:children OR platform_student_id IS NULL) AND (:awake OR priority = 1 OR notice IS NULL)
                    AND {_OPEN}
                LIMIT 1000
            ) due LIMIT 1000
        ) soon) AS due,
        least(
            (SELECT min(next_at) FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
                SELECT min(send_at) AS next_at FROM notifications
                WHERE status = 'pending' AND priority = lane AND send_at > :now
            ) soonest),
            (SELECT min(expires_at) FROM notifications WHERE status = 'pending')
        ) AS next_at,
        {_SLEEPS}
    """,  # noqa: S608 - constants of this file
    now=MOMENT,
    children=Boolean(),
    awake=Boolean(),
)
LAG: Final = prepared(
    """
    SELECT lane AS priority, oldest FROM (VALUES (1), (2), (3)) lanes (lane), LATERAL (
        SELECT min(send_at) AS oldest FROM notifications
        WHERE status = 'pending' AND priority = lane AND send_at <= :now
            AND (:awake OR priority = 1 OR notice IS NULL)
    ) first WHERE oldest IS NOT NULL
    """,
    now=MOMENT,
    awake=Boolean(),
)
