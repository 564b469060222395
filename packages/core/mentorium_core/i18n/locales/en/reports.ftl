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
verdict-on_track-1 = A good pace.
verdict-on_track-2 = All is going well, no slower than before.
verdict-on_track-3 = Learning moves ahead with confidence.
verdict-on_track-4 = The rhythm holds.
verdict-as_usual-1 = Learning goes on as usual.
verdict-as_usual-2 = The pace is about the same.
verdict-as_usual-3 = Much the same as before.
verdict-as_usual-4 = The rhythm is nearly the same.
verdict-uneven-1 = The pace was uneven.
verdict-uneven-2 = Uneven this time: the figures tell different things.
verdict-uneven-3 = The rhythm changed, and not in one direction.
verdict-uneven-4 = It went unevenly.
verdict-under_way-1 = Lessons are under way.
verdict-under_way-2 = Learning is under way.
verdict-under_way-3 = Lessons go on.
verdict-under_way-4 = Learning goes on.
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
verdict-too_early-3 = A start has been made; it is too early to judge the pace.
verdict-too_early-4 = Still getting to know the course: too early to tell.

# Figures
report-study = ⏱ Study time: { $time }. Study on { $days ->
    [one] { $days } day
   *[other] { $days } days
} of { $of }.
report-study-before = ⏱ Study time: { $time }, { $kind ->
    [month] the month
   *[week] the week
} before { $before }. Study on { $days ->
    [one] { $days } day
   *[other] { $days } days
} of { $of }.
report-study-before-none = ⏱ Study time: { $time }, no study { $kind ->
    [month] the month
   *[week] the week
} before. Study on { $days ->
    [one] { $days } day
   *[other] { $days } days
} of { $of }.
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
report-tests = 📝 Tests graded: { $count }, average { $average }.
report-tests-before = 📝 Tests graded: { $count }, average { $average } (before: { $before }).
report-tests-one = 📝 One test graded:
report-tests-taken = 📝 Tests taken: { $count }.
report-test-taken = • “{ $title }”: taken, without a score
report-test-score = • “{ $title }”: { $score } of { $max_score }
report-test-retaken = • “{ $title }”: { $score } of { $max_score } ({ $before } before the retake)
report-tests-more = • and { $count } more
report-trend = 📈 Study a week: { $first } at first, { $last } at the end of the month.
report-week-line = 📆 Last week, { $period }: { $time } of study, { $lessons ->
    [one] { $lessons } lesson
   *[other] { $lessons } lessons
}. { $verdict }
report-week-line-verdict = 📆 Last week, { $period }. { $verdict }
report-week-line-none = 📆 Last week, { $period }: no study.

# The win
report-win-1 = ✅ Went well: { $win }.
report-win-2 = ✅ Something to be proud of: { $win }.
report-win-3 = ✅ Good news: { $win }.
report-win-4 = ✅ Worth praising: { $win }.
win-course = the course “{ $title }” is finished
win-test = test “{ $title }” — { $score } of { $max_score } ({ $percent })
win-test-best = test “{ $title }” — { $score } of { $max_score } ({ $percent }), the best in a month
win-mended = test “{ $title }” retaken, from { $before } to { $score } of { $max_score }
win-milestone-25 = a quarter of the course “{ $title }” is done
win-milestone-50 = half of the course “{ $title }” is done
win-milestone-75 = three quarters of the course “{ $title }” are done
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
    It takes 10 minutes: { $action }
report-improve-2 = 🎯 Needs attention: { $what }.
    10 minutes are enough: { $action }
report-improve-3 = 🎯 In focus: { $what }.
    A step of 10 minutes: { $action }
report-improve-4 = 🎯 Worth some work: { $what }.
    In 10 minutes: { $action }
improve-topic = topic “{ $title }” — { $score } of { $max_score } points in twelve weeks ({ $percent })
improve-test = test “{ $title }” — { $score } of { $max_score } points ({ $percent })
improve-overdue = { $count ->
    [one] { $count } overdue task
   *[other] { $count } overdue tasks
}
improve-overdue-named = hand in what is overdue — { $works }
improve-less = less time for learning, { $time } instead of { $before }
report-done = 🤝 You did together what we proposed last time. Thank you!
report-done-no-result = 🤝 You worked on “{ $title }” together. There is no new result yet.
report-done-result = 🤝 You worked on “{ $title }” together: from { $before } to { $now }.

report-question-1 = 💬 A question for dinner: “{ $question }”
report-question-2 = 💬 Ask today: “{ $question }”
report-question-3 = 💬 Something to talk about: “{ $question }”
report-question-4 = 💬 A question on the way: “{ $question }”

# Month
report-strong-topic = 💪 Strong topic: “{ $title }” — { $percent }.
report-awards = 🏅 Awards: { $titles }.

# Ahead
report-overdue = ⏰ Overdue tasks: { $count }.
report-overdue-named = ⏰ Overdue now: { $works }. What to do: open it together and hand in what is ready.
report-work = “{ $title }” (due { $day })
report-and-more = { $named } and { $more } more
report-next = 📅 Up next now: lesson { $position } “{ $title }”.
report-next-title = 📅 Up next now: “{ $title }”.
report-due = 🗓 Coming up: “{ $title }” — due { $day } ({ $weekday }).
report-due-now = 🗓 Coming up: “{ $title }” — due { $day } ({ $weekday }). What to do: choose a day together to prepare.
report-course = 🎓 “{ $title }”: { $done } of { $required } lessons done.
report-course-then = 🎓 “{ $title }”: { $done } of { $required } lessons done by { $day }.
report-forecast = At this pace it ends in { $months }.
report-materials = 🆕 New materials: { $count }.
report-materials-named = 🆕 New materials: { $titles }.
report-comment = ✍️ { $author }: “{ $body }”
report-comment-teacher = ✍️ Teacher: “{ $body }”
report-words = ✍️ { $name }: the teacher's words

# Notes
report-stale = ℹ️ Platform data as of { $day }, { $time }; anything later is not included.
report-partial = ℹ️ The platform does not send all its data: here is only what is known.
report-ai-label = 🤖 AI: a model's words, the platform's figures.
report-subscription = 🔒 With a subscription the report also has test results, coming dates, a tip for 10 minutes, the teacher's words and a picture. Open it: /subscribe
report-subscription-short = 🔒 The whole report comes with a subscription: /subscribe

# An idle period
idle-no_study-1 = There was no study, and that happens.
idle-no_study-2 = This time went by without lessons.
idle-no_study-3 = A break: no lessons so far.
idle-no_study-4 = These days passed without lessons.
idle-not_begun = The course is still ahead: no lessons yet.
idle-course_paused = The course is paused, so there were no lessons.
idle-finished = The course is finished, so there were no new lessons. Congratulations!
idle-no_data = The platform has not sent the data of these days yet.
idle-before_enrolment = Learning had not begun yet: the first day was { $day }.
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
picture-average-one = test result
picture-earlier = before: { $value }
picture-minutes-by-day = Minutes of study by day
picture-before = the { $kind ->
    [month] month
   *[week] week
} before
picture-strongest = Strongest topic
picture-weakest = Topic to practise
picture-course = Course progress

# Under a report
under-why = Why?
under-tonight = Plan for tonight
under-done = ✅ We did it together
why-heading = ❓ Why — { $name }, { $period }
why-on_track = Compared with the same stretch before: neither study time nor lessons fell.
why-as_usual = Compared with the same stretch before: the difference is small, so we make nothing of it.
why-uneven = The figures tell different things, so there is no single conclusion.
why-under_way = There is no full stretch before to compare with yet.
why-slowed_down = Compared with the same stretch before: study time fell, by more than a quarter or together with the lessons.
why-paused = There was no study, no lesson and no test in this time.
why-finished = The required lessons of the course are done.
why-too_early = Less than two weeks have passed since the first lesson: chance is still stronger than habit.
why-topic = It is one of the topics with the fewest points in twelve weeks. A new result can change that.
why-test = It is one of the hardest results of the period. A retake will replace it.
why-overdue = It is past its date and not handed in: the quickest thing to put right.
why-less = Study time fell by more than a quarter: a habit is the easiest place to begin.
why-forecast = The end is counted from the pace of the last four weeks, so it is months and not a day.
tonight-heading = 🕖 10 minutes tonight — { $name }
tonight-ask = 1. Two minutes — ask: “{ $question }”
tonight-do = 2. Six minutes — { $action }
tonight-praise = 3. Two minutes — praise: { $win }.
tonight-effort = that there was time for it
tonight-lesson = open the lesson “{ $title }” together and watch the beginning.
tonight-recall = recall any finished lesson together.
tonight-done = When it is done, press “We did it together”: the next report will know.
done-saved = Great, noted. The next report will show what has changed.
done-known = That is noted already. Thank you!
