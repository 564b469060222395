"""The contract as data: views, columns, keys, words a column may hold, links, and what a missing view costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mentorium_domain.language import LANGUAGES, TITLE_COLUMNS

SCHEMA: Final = "bot_api_v1"
MAJOR: Final = 1

_TITLES: Final = ", ".join(f"{column} text?" for column in TITLE_COLUMNS)
*_MOST, _LAST = LANGUAGES
_AT: Final = "timestamp with time zone"


@dataclass(frozen=True, slots=True)
class Column:
    """`type` as PostgreSQL names it; the value may be null only where `nullable`."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class View:
    """`hides` names the block of a report that goes missing without the view; None for a view that is required."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    hides: str | None

    @property
    def has_titles(self) -> bool:
        return any(column.name in TITLE_COLUMNS for column in self.columns)


def _view(name: str, key: str, columns: str, hides: str | None = None) -> View:
    """`columns`: `name type, ...`, `?` behind what may be null; AT stands for a time, TITLES for the titles."""
    spelt = columns.replace("TITLES", _TITLES).replace("AT", _AT).split(", ")
    parsed = []
    for part in spelt:
        column, _, type_ = part.strip().rstrip("?").partition(" ")
        parsed.append(Column(column, type_, part.endswith("?")))
    return View(name, tuple(filter(None, key.split(", "))), tuple(parsed), hides)


VIEWS: Final = (
    _view("v_meta", "", "contract_major integer, contract_minor integer, day_tz text, db_now AT, activity_as_of AT?"),
    _view(
        "v_student",
        "student_id",
        "student_id bigint, display_name text, birth_year smallint?, status text, created_at AT, updated_at AT",
    ),
    _view(
        "v_guardian",
        "guardian_id",
        "guardian_id bigint, full_name text, email text?, email_verified boolean, phone_e164 text?, "
        "phone_verified boolean, locale text, status text, updated_at AT",
    ),
    _view(
        "v_guardian_student",
        "guardian_id, student_id, valid_from",
        "guardian_id bigint, student_id bigint, relation text, is_primary boolean, can_view_progress boolean, "
        "can_pay boolean, valid_from AT, valid_to AT?, updated_at AT",
    ),
    _view("v_topic", "topic_id", "topic_id bigint, code text, TITLES", "the strongest and the weakest topic"),
    _view(
        "v_course",
        "course_id",
        "course_id bigint, slug text, TITLES, level text?, status text, updated_at AT, required_lessons integer, "
        "tests integer",
        "the course and how much of it is done",
    ),
    _view(
        "v_cohort",
        "cohort_id",
        "cohort_id bigint, course_id bigint, title text?, starts_on date, ends_on date?, updated_at AT",
        "the comparison with the group",
    ),
    _view(
        "v_lesson",
        "lesson_id",
        "lesson_id bigint, course_id bigint, module_id bigint?, topic_id bigint?, position integer, kind text, TITLES, "
        "est_minutes integer?, is_required boolean, published_at AT?, updated_at AT",
        "titles of lessons and the next one",
    ),
    _view(
        "v_enrollment",
        "enrollment_id",
        "enrollment_id bigint, student_id bigint, course_id bigint, cohort_id bigint?, status text, enrolled_at AT, "
        "started_at AT?, completed_at AT?, due_on date?, updated_at AT",
        "the courses of the child",
    ),
    _view(
        "v_lesson_progress",
        "student_id, lesson_id",
        "student_id bigint, lesson_id bigint, course_id bigint, status text, percent smallint, started_at AT?, "
        "completed_at AT?, updated_at AT",
        "finished lessons",
    ),
    _view(
        "v_test",
        "test_id",
        "test_id bigint, course_id bigint, lesson_id bigint?, topic_id bigint?, kind text, TITLES, max_score numeric, "
        "pass_score numeric?, due_at AT?, updated_at AT",
        "titles of tests and what is overdue",
    ),
    _view(
        "v_test_attempt",
        "attempt_id",
        "attempt_id bigint, test_id bigint, student_id bigint, course_id bigint, topic_id bigint?, attempt_no integer, "
        "started_at AT?, submitted_at AT?, graded_at AT?, score numeric?, max_score numeric, status text, "
        "updated_at AT",
        "tests and their results",
    ),
    _view(
        "v_activity_day",
        "student_id, day",
        "student_id bigint, day date, active_seconds integer, sessions integer, updated_at AT",
        "study time, active days and the streak",
    ),
    _view(
        "v_achievement",
        "award_id",
        "award_id bigint, student_id bigint, code text, kind text, TITLES, course_id bigint?, earned_at AT, "
        "updated_at AT",
        "awards",
    ),
    _view(
        "v_teacher_comment",
        "comment_id",
        "comment_id bigint, student_id bigint, course_id bigint?, author_name text?, body text, created_at AT, "
        "updated_at AT",
        "the teacher's words",
    ),
    _view(
        "v_new_material",
        "lesson_id",
        "lesson_id bigint, course_id bigint, kind text, TITLES, published_at AT",
        "new materials",
    ),
)

_NEARLY_ACTIVE: Final = "status <> 'active' AND lower(btrim(status)) = 'active'"

ROWS_THAT_MUST_NOT_BE: Final[Mapping[str, Mapping[str, str]]] = {
    "v_guardian": {
        "full_name is not empty": "full_name !~ '[^[:space:]]'",
        "email is in small letters": "email <> lower(email)",
        "email is an address": r"email !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'",
        "phone_e164 is +, country, number": r"phone_e164 !~ '^\+[1-9][0-9]{6,14}$'",
        "only an e-mail that is there is verified": "email_verified AND email IS NULL",
        "only a phone that is there is verified": "phone_verified AND phone_e164 IS NULL",
        "status is 'active' in small letters": _NEARLY_ACTIVE,
        f"locale is {', '.join(_MOST)} or {_LAST}": f"locale NOT IN ({', '.join(map(repr, map(str, LANGUAGES)))})",
    },
    "v_student": {
        "display_name is not empty": "display_name !~ '[^[:space:]]'",
        "birth_year is a year": "birth_year NOT BETWEEN 1950 AND extract(year FROM db_now)",
        "status is 'active' in small letters": _NEARLY_ACTIVE,
        "created_at is not in the future": "created_at > db_now + interval '5 minutes'",
        "created_at is not after updated_at": "created_at > updated_at + interval '5 minutes'",
    },
    "v_guardian_student": {"valid_to is not before valid_from": "valid_to < valid_from"},
    "v_course": {"counts are not negative": "required_lessons < 0 OR tests < 0"},
    "v_cohort": {"ends_on is not before starts_on": "ends_on < starts_on"},
    "v_lesson": {"est_minutes is in minutes, at most 600": "est_minutes NOT BETWEEN 1 AND 600"},
    "v_enrollment": {
        "status is active, completed, dropped or paused": "status NOT IN ('active', 'completed', 'dropped', 'paused')",
        "completed_at is there exactly when completed": "(status = 'completed') <> (completed_at IS NOT NULL)",
    },
    "v_lesson_progress": {
        "status is in_progress or completed": "status NOT IN ('in_progress', 'completed')",
        "percent is 0 to 100": "percent NOT BETWEEN 0 AND 100",
        "completed_at is there exactly when completed": "(status = 'completed') <> (completed_at IS NOT NULL)",
        "completed_at is not in the future": "completed_at > db_now + interval '5 minutes'",
    },
    "v_test": {
        "max_score is not negative": "max_score < 0",
        "pass_score is 0 to max_score": "pass_score NOT BETWEEN 0 AND max_score",
    },
    "v_test_attempt": {
        "status is in_progress, submitted or graded": "status NOT IN ('in_progress', 'submitted', 'graded')",
        "score is 0 to max_score": "score NOT BETWEEN 0 AND max_score",
        "max_score is not negative": "max_score < 0",
        "graded ones have score and graded_at": "status = 'graded' AND (score IS NULL OR graded_at IS NULL)",
        "submitted_at is not in the future": "submitted_at > db_now + interval '5 minutes'",
    },
    "v_activity_day": {
        "active_seconds is 0 to 86,400, in seconds": "active_seconds NOT BETWEEN 0 AND 86400",
        "sessions is not negative": "sessions < 0",
        "day is not in the future": "day > (db_now AT TIME ZONE 'Asia/Tashkent')::date",
    },
    "v_achievement": {"earned_at is not in the future": "earned_at > db_now + interval '5 minutes'"},
    "v_teacher_comment": {
        "body is not empty": "body !~ '[^[:space:]]'",
        "created_at is not in the future": "created_at > db_now + interval '5 minutes'",
        "created_at is not after updated_at": "created_at > updated_at + interval '5 minutes'",
    },
    "v_new_material": {"published_at is not in the future": "published_at > db_now + interval '5 minutes'"},
}
"""By view: the rule, and what is true of a row that breaks it. `db_now` is the platform's own clock."""

ROWS_TO_LOOK_AT: Final[Mapping[str, Mapping[str, str]]] = {
    "v_test": {"max_score is positive; a test of 0 points is told without a result": "max_score = 0"},
    "v_test_attempt": {"max_score is positive; a test of 0 points is told without a result": "max_score = 0"},
}
"""The same of what is allowed and seldom meant: a warning."""

LINKS: Final = (
    ("v_guardian_student", "guardian_id", "v_guardian"),
    ("v_guardian_student", "student_id", "v_student"),
    ("v_cohort", "course_id", "v_course"),
    ("v_lesson", "course_id", "v_course"),
    ("v_lesson", "topic_id", "v_topic"),
    ("v_enrollment", "student_id", "v_student"),
    ("v_enrollment", "course_id", "v_course"),
    ("v_enrollment", "cohort_id", "v_cohort"),
    ("v_lesson_progress", "student_id", "v_student"),
    ("v_lesson_progress", "lesson_id", "v_lesson"),
    ("v_test", "course_id", "v_course"),
    ("v_test_attempt", "student_id", "v_student"),
    ("v_test_attempt", "test_id", "v_test"),
    ("v_activity_day", "student_id", "v_student"),
    ("v_achievement", "student_id", "v_student"),
    ("v_teacher_comment", "student_id", "v_student"),
    ("v_new_material", "lesson_id", "v_lesson"),
)
"""From a view's column to the view whose key it is."""

_LEARNERS: Final = "{4077000000001,4077000000002,4077000000003}"
_ADULT: Final = "4077000000001"
_OF_LEARNERS: Final = f"SELECT * FROM {{schema}}.{{view}} WHERE student_id = ANY('{_LEARNERS}'::bigint[])"
_FEED: Final = (
    "SELECT * FROM {schema}.{view} WHERE (updated_at, {key}) > (now() - interval '1 hour', 4077000000001)"
    " ORDER BY updated_at, {key} LIMIT 500"
)


@dataclass(frozen=True, slots=True)
class HotQuery:
    """`marker`: a value asked for that stands nowhere else in a plan; it shows whether an index finds it.

    `asked`: parents wait for it, so it must be able to use an index; for what is asked in the background a missing one
    is a warning.
    """

    view: str
    name: str
    query: str
    marker: str
    asked: bool = True


HOT_QUERIES: Final = (
    *(
        HotQuery(view, "by learners", _OF_LEARNERS, _LEARNERS)
        for view in ("v_student", "v_enrollment", "v_lesson_progress", "v_test_attempt")
    ),
    HotQuery(
        "v_activity_day",
        "by learners and days",
        _OF_LEARNERS + " AND day >= '2026-01-01' AND day < '2026-01-08'",
        _LEARNERS,
    ),
    *(HotQuery(view, "by learners", _OF_LEARNERS, _LEARNERS) for view in ("v_achievement", "v_teacher_comment")),
    HotQuery(
        "v_guardian_student",
        "by guardian",
        f"SELECT * FROM {{schema}}.{{view}} WHERE guardian_id = ANY('{_LEARNERS}'::bigint[])",
        _LEARNERS,
    ),
    HotQuery("v_guardian", "by id", f"SELECT * FROM {{schema}}.{{view}} WHERE guardian_id = {_ADULT}", _ADULT),
    HotQuery(
        "v_guardian",
        "by e-mail",
        "SELECT * FROM {schema}.{view} WHERE email = 'a@example.uz' AND email_verified",
        "a@example.uz",
    ),
    HotQuery(
        "v_guardian",
        "by phone",
        "SELECT * FROM {schema}.{view} WHERE phone_e164 = '+998901234567' AND phone_verified",
        "998901234567",
    ),
    *(
        HotQuery(view, "what is new", _FEED.replace("{key}", key), _ADULT, asked=False)
        for view, key in (
            ("v_enrollment", "enrollment_id"),
            ("v_test_attempt", "attempt_id"),
            ("v_achievement", "award_id"),
            ("v_teacher_comment", "comment_id"),
        )
    ),
)
"""What the bot asks all day."""
