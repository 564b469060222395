-- A school of $learners learners, as large schools are: 75 active days, 18 lessons, 4 attempts and 1.1 courses a learner.
SET session_replication_role = replica;

INSERT INTO platform.topic (topic_id, code, title_uz, title_ru, title_en)
SELECT n, 'topic-' || n, 'Mavzu ' || n, 'Тема ' || n, 'Topic ' || n FROM generate_series(1, 20) AS n;

INSERT INTO platform.course (course_id, slug, title_uz, title_ru, title_en)
SELECT n, 'course-' || n, 'Kurs ' || n, 'Курс ' || n, 'Course ' || n FROM generate_series(1, 20) AS n;

INSERT INTO platform.lesson
    (course_id, module_id, topic_id, position, kind, title_uz, title_ru, title_en, is_required, published_at)
SELECT course_id, course_id * 10 + n / 8, 1 + (course_id + n) % 20, n, 'video', 'Dars ' || n, 'Урок ' || n, 'Lesson ' || n,
       n % 8 <> 0, platform.now() - make_interval(days => 120 - n * 3)
FROM platform.course, generate_series(1, 40) AS n;

INSERT INTO platform.test (course_id, topic_id, kind, title_uz, title_ru, title_en, max_score, due_at)
SELECT course_id, 1 + (course_id + n) % 20, 'quiz', 'Sinov ' || n, 'Тест ' || n, 'Test ' || n, 20,
       platform.now() + make_interval(days => (n - 8) * 7)
FROM platform.course, generate_series(1, 12) AS n;

INSERT INTO platform.student (student_id, display_name)
SELECT n, 'Learner ' || n FROM generate_series(1, $learners) AS n;

INSERT INTO platform.enrollment (student_id, course_id, status, enrolled_at, completed_at)
SELECT student_id, 1 + (student_id + second * 7) % 20, drawn.status, platform.now() - interval '100 days',
       CASE drawn.status WHEN 'completed' THEN platform.now() - interval '5 days' END
FROM platform.student
CROSS JOIN generate_series(0, 1) AS second
CROSS JOIN LATERAL (
    SELECT (ARRAY['active', 'active', 'active', 'active', 'active', 'completed', 'paused', 'dropped'])
        [1 + (student_id / 3 + second) % 8] AS status
) AS drawn
WHERE second = 0 OR student_id % 10 = 0;

INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions)
SELECT student_id, platform.now()::date - student_id::integer % 5 - n * (1 + student_id::integer % 3),
       (student_id * 7919 + n * 104729) % 5400, 1
FROM platform.student CROSS JOIN generate_series(0, 74) AS n;

INSERT INTO platform.lesson_progress (student_id, lesson_id, course_id, status, percent, completed_at)
SELECT student_id, lesson_id, course_id, 'completed', 100,
       platform.now() - make_interval(days => 3 * (student_id::integer % 37 - position), secs => student_id % 86400)
FROM platform.enrollment JOIN platform.lesson USING (course_id)
WHERE position <= student_id % 37;

INSERT INTO platform.test_attempt
    (test_id, student_id, course_id, attempt_no, submitted_at, graded_at, score, max_score, status)
SELECT test_id, student_id, course_id, 1, taken_at, taken_at + interval '1 hour', (student_id + test_id) % 21, 20, 'graded'
FROM platform.enrollment
JOIN platform.test USING (course_id)
CROSS JOIN LATERAL (
    SELECT platform.now() - make_interval(hours => ((student_id * 31 + test_id * 17) % 1500)::integer + 2) AS taken_at
) AS drawn
WHERE (student_id + test_id) % 3 = 0;

INSERT INTO platform.award (student_id, code, kind, title_uz, title_ru, title_en, earned_at)
SELECT student_id, 'first-steps', 'badge', 'Nishon', 'Значок', 'Badge',
       platform.now() - make_interval(days => (student_id % 30)::integer)
FROM platform.student;

INSERT INTO platform.teacher_comment (student_id, author_name, body, created_at)
SELECT student_id, 'Malika', 'Good, steady work this week.', platform.now() - make_interval(days => (student_id % 28)::integer)
FROM platform.student WHERE student_id % 3 = 0;

RESET session_replication_role;
ANALYZE;
