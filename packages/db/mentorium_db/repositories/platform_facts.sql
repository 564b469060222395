-- The facts of a batch of learners, one row a learner. $1 learners; [$2, $3) the period and [$4, $5) the one to compare
-- with, as Tashkent days. Columns stay bare so that indexes serve; lists come as JSON arrays of arrays.
-- An odd value costs the figure it belongs to: {sane:moment} is NULL where a date or time is outside 2000 to 2100.
-- {titles} and {test.titles} stand for the columns title_<code> of every language in which the platform has titles.
WITH bounds AS MATERIALIZED (
    SELECT period.*, db_now, {sane:activity_as_of} AS activity_as_of,
           least(ends, db_now) AS as_of,
           (db_now AT TIME ZONE 'Asia/Tashkent')::date AS today,
           least(before_starts, starts - interval '28 days', ends - interval '84 days') AS results_since
    FROM bot_api_v1.v_meta AS meta
    CROSS JOIN (
        SELECT $2::date AS first_day, $3::date AS end_day, $4::date AS before_first_day, $5::date AS before_end_day,
               $2::date::timestamp AT TIME ZONE 'Asia/Tashkent' AS starts,
               $3::date::timestamp AT TIME ZONE 'Asia/Tashkent' AS ends,
               $4::date::timestamp AT TIME ZONE 'Asia/Tashkent' AS before_starts,
               $5::date::timestamp AT TIME ZONE 'Asia/Tashkent' AS before_ends
    ) AS period
),

day_figures AS (
    SELECT activity.student_id,
           array_agg(day - first_day) FILTER (WHERE day >= first_day) AS day_numbers,
           array_agg(active_seconds) FILTER (WHERE day >= first_day) AS day_seconds,
           array_agg(day - before_first_day) FILTER (WHERE day < before_end_day) AS before_day_numbers,
           array_agg(active_seconds) FILTER (WHERE day < before_end_day) AS before_day_seconds
    FROM bounds
    JOIN bot_api_v1.v_activity_day AS activity ON activity.day >= before_first_day AND activity.day < end_day
    WHERE activity.student_id = ANY($1) AND activity.active_seconds BETWEEN 0 AND 86400
    GROUP BY activity.student_id
),
weeks AS MATERIALIZED (
    SELECT activity.student_id, (day - date '1970-01-05') / 7 AS week,
           min(day) AS first_active_day, count(*) AS active_days
    FROM bounds
    JOIN bot_api_v1.v_activity_day AS activity ON activity.day >= date '2000-01-01' AND activity.day < end_day
    WHERE activity.student_id = ANY($1) AND activity.active_seconds BETWEEN 60 AND 86400
    GROUP BY activity.student_id, week
),
active_span AS (
    SELECT student_id, min(first_active_day) AS first_active_day
    FROM weeks
    GROUP BY student_id
),
-- Gaps and islands: a good week less its number among the good weeks is the same all along an unbroken run.
week_runs AS (
    SELECT student_id, min(week) AS first_week, count(*)::integer AS weeks
    FROM (
        SELECT student_id, week, week - row_number() OVER (PARTITION BY student_id ORDER BY week) AS run
        FROM weeks
        WHERE active_days >= 2
    ) AS good_weeks
    GROUP BY student_id, run
),
streaks AS (
    SELECT student_id,
           array_agg(first_week ORDER BY first_week) AS run_first_weeks,
           array_agg(weeks ORDER BY first_week) AS run_weeks
    FROM week_runs
    GROUP BY student_id
),

enrollments AS MATERIALIZED (
    SELECT enrollment_id, student_id, course_id, status, {sane:enrolled_at} AS enrolled_at,
           {sane:completed_at} AS completed_at, {sane:due_on} AS due_on
    FROM bot_api_v1.v_enrollment AS enrollment
    WHERE enrollment.student_id = ANY($1) AND status IN ('active', 'completed', 'dropped', 'paused')
),
-- A learner may have come back to a course he once left.
active_courses AS MATERIALIZED (
    SELECT student_id, course_id, min(enrolled_at) AS enrolled_at
    FROM enrollments
    WHERE status = 'active'
    GROUP BY student_id, course_id
),

-- A test without points to earn, or with points that cannot be, is taken without a result: 0 of 0. NaN is above all.
attempts AS MATERIALIZED (
    SELECT attempt_id, test_id, student_id, topic_id, status, graded_at,
           coalesce({sane:submitted_at}, {sane:graded_at}, '-infinity') AS handed_in_at,
           CASE WHEN has_result THEN score WHEN score IS NOT NULL THEN 0 END AS score,
           CASE WHEN has_result THEN max_score ELSE 0 END AS max_score
    FROM bot_api_v1.v_test_attempt AS attempt
    CROSS JOIN LATERAL (
        SELECT coalesce(score >= 0 AND score <= 2 * max_score AND max_score >= 0.01 AND max_score < 1000000, false)
    ) AS points (has_result)
    WHERE attempt.student_id = ANY($1) AND attempt.status <> 'in_progress'
),
-- Retakes are one test: its last result counts, the last one of the period and the last one by the end of the one before.
results AS MATERIALIZED (
    SELECT attempt.attempt_id, test_id, test.course_id, attempt.student_id, attempt.score, attempt.max_score,
           attempt.graded_at, coalesce(attempt.topic_id, test.topic_id) AS topic_id, {test.titles},
           -- The pass mark counts for an attempt that was out of the test's own maximum.
           CASE WHEN pass_score > 0 AND pass_score <= test.max_score AND test.max_score = attempt.max_score
               THEN pass_score END AS pass_score,
           row_number() OVER (
               PARTITION BY attempt.student_id, test_id ORDER BY attempt.graded_at DESC, attempt.attempt_id DESC
           ) = 1 AS is_last,
           row_number() OVER (
               PARTITION BY attempt.student_id, test_id, attempt.graded_at < before_ends
               ORDER BY attempt.graded_at DESC, attempt.attempt_id DESC
           ) = 1 AS is_last_before
    FROM bounds
    JOIN attempts AS attempt ON attempt.graded_at >= bounds.results_since AND attempt.graded_at < bounds.as_of
    JOIN bot_api_v1.v_test AS test USING (test_id)
    WHERE attempt.status = 'graded' AND attempt.score IS NOT NULL
),
scores AS (
    SELECT result.student_id,
           sum(score) FILTER (WHERE is_last_before AND graded_at >= before_starts AND graded_at < before_ends)
               AS before_score,
           sum(max_score) FILTER (WHERE is_last_before AND graded_at >= before_starts AND graded_at < before_ends)
               AS before_max_score,
           json_agg(
               json_build_array(
                   {result.titles}, {topic.titles},
                   test_id, course_id, code, score::text, max_score::text, (graded_at AT TIME ZONE 'Asia/Tashkent')::date,
                   pass_score::text
               )
               ORDER BY graded_at, attempt_id
           ) FILTER (WHERE graded_at >= starts - interval '28 days') AS tests
    FROM results AS result
    CROSS JOIN bounds
    LEFT JOIN bot_api_v1.v_topic AS topic USING (topic_id)
    GROUP BY result.student_id
),
-- Courses that a learner has left and not come back to.
dropped_courses AS (
    SELECT student_id, course_id
    FROM enrollments
    GROUP BY student_id, course_id
    HAVING bool_and(status = 'dropped')
),
topic_sums AS (
    SELECT student_id, topic_id, sum(score) AS score, sum(max_score) AS max_score, count(*) AS results,
           count(*) FILTER (WHERE graded_at >= starts) AS results_in_period
    FROM results CROSS JOIN bounds
    WHERE is_last AND topic_id IS NOT NULL AND max_score > 0 AND graded_at >= ends - interval '84 days'
        AND NOT EXISTS (
            SELECT FROM dropped_courses AS dropped
            WHERE dropped.student_id = results.student_id AND dropped.course_id = results.course_id
        )
    GROUP BY student_id, topic_id
),
topics AS (
    SELECT student_id,
           json_agg(
               json_build_array(
                   topic_id, code, {titles}, score::text, max_score::text, results, results_in_period
               )
               ORDER BY topic_id
           ) AS topics
    FROM topic_sums
    JOIN bot_api_v1.v_topic AS topic USING (topic_id)
    GROUP BY student_id
),

handed_in AS (
    SELECT student_id, test_id, min(handed_in_at) AS handed_in_at
    FROM attempts
    GROUP BY student_id, test_id
),
due_tests AS MATERIALIZED (
    SELECT active.student_id, test.test_id, test.due_at, {test.titles},
           coalesce(handed_in.handed_in_at, 'infinity') AS handed_in_at
    FROM active_courses AS active
    JOIN bot_api_v1.v_test AS test ON test.course_id = active.course_id AND test.due_at >= active.enrolled_at
    LEFT JOIN handed_in ON handed_in.student_id = active.student_id AND handed_in.test_id = test.test_id
),
overdue AS (
    SELECT student_id,
           count(*) FILTER (WHERE due_at <= as_of AND handed_in_at > as_of) AS overdue,
           count(*) FILTER (WHERE due_at <= before_ends AND handed_in_at > before_ends) AS before_overdue,
           -- Due at midnight means: by the end of the day before.
           json_agg(
               json_build_array(
                   {titles},
                   ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Tashkent')::date
               )
               ORDER BY due_at, test_id
           ) FILTER (WHERE due_at > db_now AND due_at <= db_now + interval '14 days' AND handed_in_at > db_now)
               AS due_next,
           json_agg(
               json_build_array(
                   {titles},
                   ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Tashkent')::date
               )
               ORDER BY due_at DESC, test_id
           ) FILTER (WHERE due_at <= db_now AND handed_in_at > db_now) AS late
    FROM due_tests CROSS JOIN bounds
    GROUP BY student_id
),

finished_lessons AS MATERIALIZED (
    SELECT student_id, lesson_id, course_id, {sane:completed_at} AS completed_at
    FROM bot_api_v1.v_lesson_progress AS progress
    WHERE progress.student_id = ANY($1) AND progress.status = 'completed'
),
lessons AS (
    SELECT finished.student_id,
           count(*) FILTER (WHERE completed_at >= starts AND completed_at < as_of) AS lessons_done,
           count(*) FILTER (WHERE completed_at >= before_starts AND completed_at < before_ends) AS before_lessons_done,
           json_agg(
               json_build_array({lesson.titles})
               ORDER BY completed_at, finished.lesson_id
           ) FILTER (WHERE completed_at >= starts AND completed_at < as_of AND lesson.lesson_id IS NOT NULL)
               AS lesson_titles
    FROM bounds
    JOIN finished_lessons AS finished ON completed_at >= before_starts AND completed_at < as_of
    LEFT JOIN bot_api_v1.v_lesson AS lesson USING (lesson_id)
    GROUP BY finished.student_id
),
course_lessons AS (
    SELECT finished.student_id, finished.course_id,
           count(*) AS done,
           count(*) FILTER (WHERE completed_at >= starts) AS done_in_period,
           count(*) FILTER (WHERE completed_at >= as_of - interval '28 days') AS done_last_28_days,
           bool_or(completed_at >= as_of - interval '7 days')::integer
           + bool_or(completed_at >= as_of - interval '14 days' AND completed_at < as_of - interval '7 days')::integer
           + bool_or(completed_at >= as_of - interval '21 days' AND completed_at < as_of - interval '14 days')::integer
           + bool_or(completed_at >= as_of - interval '28 days' AND completed_at < as_of - interval '21 days')::integer
               AS busy_weeks_of_4
    FROM bounds
    JOIN finished_lessons AS finished ON completed_at < as_of
    JOIN bot_api_v1.v_lesson AS lesson USING (lesson_id)
    WHERE lesson.is_required
    GROUP BY finished.student_id, finished.course_id
),
-- Courses whose lessons are 1, 2, 3 ..., whether or not lessons that were taken away keep their places. A number that
-- counts otherwise (chapter * 1000 + n) would be read as one that counts.
numbered_courses AS MATERIALIZED (
    SELECT course_id FROM bot_api_v1.v_lesson AS lesson
    WHERE course_id IN (SELECT course_id FROM active_courses)
    GROUP BY course_id
    HAVING (min(position), max(position), count(DISTINCT position)) = (1, count(*), count(*))
        OR (
            min(position) FILTER (WHERE published_at IS NOT NULL),
            max(position) FILTER (WHERE published_at IS NOT NULL),
            count(DISTINCT position) FILTER (WHERE published_at IS NOT NULL)
        ) = (1, count(published_at), count(published_at))
),
next_lessons AS (
    SELECT student_id, course_id,
           json_agg(
               json_build_array(
                   CASE WHEN course_id IN (SELECT course_id FROM numbered_courses) THEN position END, {titles}
               ) ORDER BY position, lesson_id
           ) AS next_lessons
    FROM (
        SELECT active.student_id, active.course_id, lesson.lesson_id, lesson.position, {lesson.titles},
               row_number() OVER (
                   PARTITION BY active.student_id, active.course_id ORDER BY lesson.position, lesson.lesson_id
               ) AS place
        FROM bounds
        CROSS JOIN active_courses AS active
        JOIN bot_api_v1.v_lesson AS lesson
            ON lesson.course_id = active.course_id AND lesson.is_required AND lesson.published_at <= db_now
            AND lesson.published_at >= timestamptz '2000-01-01 00:00+05'
        WHERE NOT EXISTS (
            SELECT FROM finished_lessons AS finished
            WHERE finished.student_id = active.student_id AND finished.lesson_id = lesson.lesson_id
        )
    ) AS waiting
    WHERE place <= 3
    GROUP BY student_id, course_id
),
catalogue AS MATERIALIZED (
    SELECT course_id, slug, {titles}, greatest(required_lessons, 0) AS required_lessons FROM bot_api_v1.v_course AS course
),
courses AS (
    SELECT enrollment.student_id,
           json_agg(
               json_build_array(
                   course_id, slug, {titles}, status, required_lessons, coalesce(done, 0), due_on,
                   (completed_at AT TIME ZONE 'Asia/Tashkent')::date, next_lessons, coalesce(done_in_period, 0),
                   coalesce(done_last_28_days, 0), coalesce(busy_weeks_of_4, 0),
                   (enrolled_at AT TIME ZONE 'Asia/Tashkent')::date
               )
               ORDER BY enrolled_at, enrollment_id
           ) AS courses
    FROM enrollments AS enrollment
    JOIN catalogue USING (course_id)
    LEFT JOIN course_lessons USING (student_id, course_id)
    LEFT JOIN next_lessons USING (student_id, course_id)
    GROUP BY enrollment.student_id
),

awards AS (
    SELECT award.student_id,
           json_agg(
               json_build_array(
                   code, kind, {titles}, (earned_at AT TIME ZONE 'Asia/Tashkent')::date
               )
               ORDER BY earned_at, award_id
           ) AS awards
    FROM bounds
    JOIN bot_api_v1.v_achievement AS award ON award.earned_at >= starts AND award.earned_at < as_of
    WHERE award.student_id = ANY($1)
    GROUP BY award.student_id
),
comments AS (
    SELECT comment.student_id,
           json_agg(
               json_build_array(author_name, body, (created_at AT TIME ZONE 'Asia/Tashkent')::date)
               ORDER BY created_at, comment_id
           ) AS comments
    FROM bounds
    JOIN bot_api_v1.v_teacher_comment AS comment ON comment.created_at >= starts AND comment.created_at < as_of
    WHERE comment.student_id = ANY($1)
    GROUP BY comment.student_id
),
fresh_materials AS MATERIALIZED (
    SELECT lesson_id, course_id, {titles}, published_at
    FROM bounds
    JOIN bot_api_v1.v_new_material AS material ON material.published_at >= starts AND material.published_at < as_of
),
materials AS (
    SELECT student_id,
           json_agg(json_build_array({titles}) ORDER BY published_at, lesson_id) AS new_materials
    FROM active_courses
    JOIN fresh_materials USING (course_id)
    GROUP BY student_id
)

SELECT student.student_id, student.display_name, bounds.activity_as_of, bounds.today,
       first_active_day, day_numbers, day_seconds, before_day_numbers, before_day_seconds,
       run_first_weeks, run_weeks,
       lessons_done, before_lessons_done, lesson_titles,
       before_score, before_max_score, tests, topics.topics,
       overdue.overdue, before_overdue, due_next, late,
       courses.courses, awards.awards, comments.comments, new_materials
FROM bot_api_v1.v_student AS student
CROSS JOIN bounds
LEFT JOIN day_figures USING (student_id)
LEFT JOIN active_span USING (student_id)
LEFT JOIN streaks USING (student_id)
LEFT JOIN lessons USING (student_id)
LEFT JOIN scores USING (student_id)
LEFT JOIN topics USING (student_id)
LEFT JOIN overdue USING (student_id)
LEFT JOIN courses USING (student_id)
LEFT JOIN awards USING (student_id)
LEFT JOIN comments USING (student_id)
LEFT JOIN materials USING (student_id)
WHERE student.student_id = ANY($1)
