-- The platform contract, version 1.0: all that the bot may know of the school.
CREATE SCHEMA bot_api_v1;

CREATE VIEW bot_api_v1.v_meta AS
SELECT 1 AS contract_major, 0 AS contract_minor, 'Asia/Tashkent'::text AS day_tz, moment AS db_now, activity_as_of
FROM platform.present;

CREATE VIEW bot_api_v1.v_student AS
SELECT student_id, display_name, birth_year, status, created_at, updated_at
FROM platform.student;

CREATE VIEW bot_api_v1.v_guardian AS
SELECT guardian_id, full_name, email, email_verified, phone_e164, phone_verified, locale, status, updated_at
FROM platform.guardian;

CREATE VIEW bot_api_v1.v_guardian_student AS
SELECT guardian_id, student_id, relation, is_primary, can_view_progress, can_pay, valid_from, valid_to, updated_at
FROM platform.guardian_student;

CREATE VIEW bot_api_v1.v_topic AS
SELECT topic_id, code, title_uz, title_ru, title_en
FROM platform.topic;

CREATE VIEW bot_api_v1.v_course AS
SELECT c.course_id, c.slug, c.title_uz, c.title_ru, c.title_en, c.level, c.status,
       greatest(c.updated_at, l.updated_at, t.updated_at) AS updated_at,
       l.required_lessons, t.tests
FROM platform.course c
CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE is_required))::integer AS required_lessons, max(updated_at) AS updated_at
    FROM platform.lesson WHERE lesson.course_id = c.course_id
) l
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS tests, max(updated_at) AS updated_at
    FROM platform.test WHERE test.course_id = c.course_id
) t
WHERE c.status <> 'draft';

CREATE VIEW bot_api_v1.v_cohort AS
SELECT cohort_id, course_id, title, starts_on, ends_on, updated_at
FROM platform.cohort;

CREATE VIEW bot_api_v1.v_lesson AS
SELECT lesson_id, course_id, module_id, topic_id, position, kind, title_uz, title_ru, title_en, est_minutes,
       is_required, published_at, updated_at
FROM platform.lesson;

CREATE VIEW bot_api_v1.v_enrollment AS
SELECT enrollment_id, student_id, course_id, cohort_id, status, enrolled_at, started_at, completed_at, due_on,
       updated_at
FROM platform.enrollment;

CREATE VIEW bot_api_v1.v_lesson_progress AS
SELECT student_id, lesson_id, course_id, status, percent, started_at, completed_at, updated_at
FROM platform.lesson_progress;

CREATE VIEW bot_api_v1.v_test AS
SELECT test_id, course_id, lesson_id, topic_id, kind, title_uz, title_ru, title_en, max_score, pass_score, due_at,
       updated_at
FROM platform.test;

CREATE VIEW bot_api_v1.v_test_attempt AS
SELECT attempt_id, test_id, student_id, course_id, topic_id, attempt_no, started_at, submitted_at, graded_at, score,
       max_score, status, updated_at
FROM platform.test_attempt
WHERE NOT voided;

CREATE VIEW bot_api_v1.v_activity_day AS
SELECT student_id, day, active_seconds, sessions, updated_at
FROM platform.activity_day;

CREATE VIEW bot_api_v1.v_achievement AS
SELECT award_id, student_id, code, kind, title_uz, title_ru, title_en, course_id, earned_at, updated_at
FROM platform.award
WHERE NOT revoked;

CREATE VIEW bot_api_v1.v_teacher_comment AS
SELECT comment_id, student_id, course_id, author_name, body, created_at, updated_at
FROM platform.teacher_comment
WHERE for_guardians;

CREATE VIEW bot_api_v1.v_new_material AS
SELECT lesson_id, course_id, kind, title_uz, title_ru, title_en, published_at
FROM platform.lesson
WHERE published_at <= (SELECT moment FROM platform.present);
