report-header = { $kind ->
    [month] 📘 { $name } — { $period }
   *[week] 📘 { $name } — week of { $period }
}
report-your-child = Your child
report-period-note = { $kind ->
    [month] The last finished month.
   *[week] The last finished week, Monday to Sunday.
}

# The verdict in words, four ways of saying it
verdict-on_track-1 = Learning is on track.
verdict-on_track-2 = All goes steadily, at a good pace.
verdict-on_track-3 = Learning moves ahead with confidence.
verdict-on_track-4 = The rhythm holds: on track.
verdict-slowed_down-1 = The pace has slowed down.
verdict-slowed_down-2 = Learning has slowed down.
verdict-slowed_down-3 = The pace was lower than usual this time.
verdict-slowed_down-4 = Learning goes slower than before.
verdict-paused-1 = Learning is paused.
verdict-paused-2 = Learning has come to a pause.
verdict-paused-3 = Lessons have paused.
verdict-paused-4 = There is a break in learning just now.
verdict-finished-1 = The course is finished.
verdict-finished-2 = The course has been completed.
verdict-finished-3 = The whole course is done.
verdict-finished-4 = All done: the course is finished.
verdict-too_early-1 = Learning has just begun; it is too early to judge.
verdict-too_early-2 = These are the first weeks: too early to tell.
verdict-too_early-3 = A start is made; it is too early to judge the pace.
verdict-too_early-4 = Still getting to know the course: too early to tell.

# Figures
report-study = ⏱ Study time: { $time } on { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
report-study-before = ⏱ Study time: { $time } on { $days ->
    [one] { $days } day
   *[other] { $days } days
} (the { $kind ->
    [month] month
   *[week] week
} before: { $before }).
report-study-before-none = ⏱ Study time: { $time } on { $days ->
    [one] { $days } day
   *[other] { $days } days
} (no study the { $kind ->
    [month] month
   *[week] week
} before).
report-lessons = 📚 Finished: { $count ->
    [one] { $count } lesson
   *[other] { $count } lessons
}.
report-lessons-before = 📚 Finished: { $count ->
    [one] { $count } lesson
   *[other] { $count } lessons
} (the { $kind ->
    [month] month
   *[week] week
} before: { $before }).
report-tests = 📝 With a result: { $count ->
    [one] { $count } test
   *[other] { $count } tests
}, average { $average }.
report-tests-before = 📝 With a result: { $count ->
    [one] { $count } test
   *[other] { $count } tests
}, average { $average } (before: { $before }).
report-tests-taken = 📝 Tests taken: { $count }.
report-test-taken = • “{ $title }”: taken, without a score
report-test-score = • “{ $title }”: { $score } of { $max_score }
report-trend = 📈 Over { $weeks } weeks: from { $first } to { $last } of study a week.

# The win
report-win-1 = ✅ Went well: { $win }.
report-win-2 = ✅ Something to be proud of: { $win }.
report-win-3 = ✅ Good news: { $win }.
report-win-4 = ✅ Worth praising: { $win }.
win-course = the course “{ $title }” is finished
win-test = test “{ $title }” — { $score } of { $max_score } ({ $percent })
win-test-best = test “{ $title }” — { $score } of { $max_score } ({ $percent }), the best in a month
win-milestone = { $percent } of the course “{ $title }” is done
win-award = award “{ $title }”
win-came-back = back to lessons after a break, { $days ->
    [one] { $days } day of study
   *[other] { $days } days of study
}
win-caught-up = all work is handed in, nothing overdue any more (before: { $before })
win-more = more time for learning, { $time } instead of { $before }
win-streak = regular lessons { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
} in a row
win-lessons = { $count ->
    [one] { $count } lesson finished
   *[other] { $count } lessons finished
}
win-lessons-last = { $count ->
    [one] { $count } lesson finished
   *[other] { $count } lessons finished
}, the latest is “{ $title }”

# The one thing to improve
report-improve-1 = 🎯 To improve: { $what }.
    10 minutes together: { $action }
report-improve-2 = 🎯 Needs attention: { $what }.
    10 minutes for two: { $action }
report-improve-3 = 🎯 Room to grow: { $what }.
    A step of 10 minutes: { $action }
report-improve-4 = 🎯 Worth some work: { $what }.
    In 10 minutes together: { $action }
improve-topic = topic “{ $title }” — { $score } of { $max_score } points ({ $percent })
improve-test = test “{ $title }” — { $score } of { $max_score } points ({ $percent })
improve-overdue = { $count ->
    [one] { $count } piece of work is past its due date
   *[other] { $count } pieces of work are past their due date
}
improve-less = less time for learning, { $time } instead of { $before }

report-question-1 = 💬 A question for dinner: “{ $question }”
report-question-2 = 💬 Ask today: “{ $question }”
report-question-3 = 💬 Something to talk about: “{ $question }”
report-question-4 = 💬 A question on the way: “{ $question }”

# Month
report-strong-topic = 💪 Strong topic: “{ $title }” — { $percent }.
report-awards = 🏅 Awards: { $titles }.

# Ahead
report-overdue = ⏰ Work past its due date: { $count }.
report-next = 📅 Next: lesson { $position } “{ $title }”.
report-next-title = 📅 Next: “{ $title }”.
report-due = 🗓 Test “{ $title }” — due { $day } ({ $weekday }).
report-course = 🎓 “{ $title }”: { $done } of { $required } lessons.
report-course-forecast = 🎓 “{ $title }”: { $done } of { $required } lessons. At this pace it ends in { $months }.
report-materials = 🆕 New materials: { $count }.
report-comment = ✍️ { $author }: “{ $body }”
report-comment-teacher = ✍️ Teacher: “{ $body }”

# Notes
report-stale = ℹ️ Platform data as of { $day }, { $time }; anything later is not included.
report-partial = ℹ️ The platform does not send all its data: here is only what is known.
report-subscription = 🔒 Test results, advice and forecast come with the full report: /subscribe

# An idle period
idle-no_study-1 = There was no study, and that happens.
idle-no_study-2 = This time went by without lessons.
idle-no_study-3 = A break: no lessons so far.
idle-no_study-4 = These days passed without lessons.
idle-not_begun = The course is still ahead: no lessons yet.
idle-course_paused = The course is paused, so there were no lessons.
idle-finished = The course is finished, so there were no new lessons. Congratulations!
idle-no_data = The platform has not sent the data of these days yet.
idle-way-back-lesson = An easy step: open the lesson “{ $title }” together and watch its first 10 minutes.
idle-way-back = An easy step: recall any finished lesson together in 10 minutes.

# The picture
picture-week = Week of { $period }
picture-time = of study
picture-days = { $days ->
    [one] day of study
   *[other] days of study
}
picture-lessons = { $count ->
    [one] lesson finished
   *[other] lessons finished
}
picture-average = average result
picture-earlier = before: { $value }
picture-minutes-by-day = Minutes of study by day
picture-before = the { $kind ->
    [month] month
   *[week] week
} before
picture-strongest = Strongest topic
picture-weakest = Topic to practise
picture-course = Course progress
