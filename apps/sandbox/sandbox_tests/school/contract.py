"""The columns of the platform contract, written down once more from its page: `name type`, nullable with `?`."""

from __future__ import annotations

_TITLES = "title_uz text?, title_ru text?, title_en text?"
_AT = "timestamp with time zone"

COLUMNS = {
    "v_meta": "contract_major integer, contract_minor integer, day_tz text, db_now AT, activity_as_of AT?",
    "v_student": "student_id bigint, display_name text, birth_year smallint?, status text, created_at AT, "
    "updated_at AT",
    "v_guardian": "guardian_id bigint, full_name text, email text?, email_verified boolean, phone_e164 text?, "
    "phone_verified boolean, locale text, status text, updated_at AT",
    "v_guardian_student": "guardian_id bigint, student_id bigint, relation text, is_primary boolean, "
    "can_view_progress boolean, can_pay boolean, valid_from AT, valid_to AT?, updated_at AT",
    "v_topic": "topic_id bigint, code text, TITLES",
    "v_course": "course_id bigint, slug text, TITLES, level text?, status text, updated_at AT, "
    "required_lessons integer, tests integer",
    "v_cohort": "cohort_id bigint, course_id bigint, title text?, starts_on date, ends_on date?, updated_at AT",
    "v_lesson": "lesson_id bigint, course_id bigint, module_id bigint, topic_id bigint?, position integer, kind text, "
    "TITLES, est_minutes integer?, is_required boolean, published_at AT?, updated_at AT",
    "v_enrollment": "enrollment_id bigint, student_id bigint, course_id bigint, cohort_id bigint?, status text, "
    "enrolled_at AT, started_at AT?, completed_at AT?, due_on date?, updated_at AT",
    "v_lesson_progress": "student_id bigint, lesson_id bigint, course_id bigint, status text, percent smallint, "
    "started_at AT?, completed_at AT?, updated_at AT",
    "v_test": "test_id bigint, course_id bigint, lesson_id bigint?, topic_id bigint?, kind text, TITLES, "
    "max_score numeric, pass_score numeric?, due_at AT?, updated_at AT",
    "v_test_attempt": "attempt_id bigint, test_id bigint, student_id bigint, course_id bigint, topic_id bigint?, "
    "attempt_no integer, started_at AT?, submitted_at AT?, graded_at AT?, score numeric?, max_score numeric, "
    "status text, updated_at AT",
    "v_activity_day": "student_id bigint, day date, active_seconds integer, sessions integer, updated_at AT",
    "v_achievement": "award_id bigint, student_id bigint, code text, kind text, TITLES, course_id bigint?, "
    "earned_at AT, updated_at AT",
    "v_teacher_comment": "comment_id bigint, student_id bigint, course_id bigint?, author_name text?, body text, "
    "created_at AT, updated_at AT",
    "v_new_material": "lesson_id bigint, course_id bigint, kind text, TITLES, published_at AT",
}

KEYS = {
    "v_student": "student_id",
    "v_guardian": "guardian_id",
    "v_guardian_student": "guardian_id, student_id, valid_from",
    "v_topic": "topic_id",
    "v_course": "course_id",
    "v_cohort": "cohort_id",
    "v_lesson": "lesson_id",
    "v_enrollment": "enrollment_id",
    "v_lesson_progress": "student_id, lesson_id",
    "v_test": "test_id",
    "v_test_attempt": "attempt_id",
    "v_activity_day": "student_id, day",
    "v_achievement": "award_id",
    "v_teacher_comment": "comment_id",
    "v_new_material": "lesson_id",
}


def columns_of(view: str) -> dict[str, str]:
    """The view's columns with their types."""
    return dict(part.rstrip("?").split(" ", 1) for part in _spelt_out(view))


def required_columns_of(view: str) -> list[str]:
    return [part.split(" ", 1)[0] for part in _spelt_out(view) if not part.endswith("?")]


def _spelt_out(view: str) -> list[str]:
    return COLUMNS[view].replace("TITLES", _TITLES).replace("AT", _AT).split(", ")
