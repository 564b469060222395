# The report as a voice message: every number comes in words
under-voice = 🔊 Listen
voice-caption = 🔊 Read by a machine. The whole report is in the text.
voice-not-made = The voice message could not be made just now. The text above is whole; please press “Listen” again in a few minutes.
voice-refused = Telegram does not let us send you voice messages: your privacy settings do not allow them. The text above is whole.
voice-too-many = That was a lot of voice messages at once. Please try again in a minute.
voice-coming = The voice message is on its way
settings-voice-on = 🔊 Reports aloud: on
settings-voice-off = 🔊 Reports aloud: off
voice-switched-on = From now on each report is also read out, by a machine's voice. The text always comes as well.
voice-switched-off = Reports are no longer read out. The “Listen” button stays under each of them.
voice-intro = This is a machine's voice. The report on { $name }, { $period }.
voice-intro-child = This is a machine's voice. The report on your child, { $period }.
voice-your-child = your child
voice-week = the week from { $first } to { $last }
voice-day = the { $day } of { $month }
voice-hours = { $number ->
    [one] { $words } hour
   *[other] { $words } hours
}
voice-minutes = { $number ->
    [one] { $words } minute
   *[other] { $words } minutes
}
voice-percent = { $number ->
   *[other] { $words } percent
}
voice-percents = percent
voice-not-begun = Learning had not begun yet: it began on { $day }.
voice-study = Study time: { $time }.
voice-study-before = Study time: { $time }; the { $kind ->
    [month] month
   *[week] week
} before, { $before }.
voice-lessons = Lessons finished: { $count }.
voice-tests = Tests: { $count }, { $percent } on average.
voice-tests-one = One test: { $percent }.
voice-win = What went well: { $win }.
voice-win-course = the course “{ $title }” is finished
voice-win-test = the test “{ $title }”, { $percent }
voice-win-mended = the test “{ $title }” was retaken, and went better
voice-win-milestone-25 = a quarter of the course “{ $title }” is done
voice-win-milestone-50 = half of the course “{ $title }” is done
voice-win-milestone-75 = three quarters of the course “{ $title }” are done
voice-win-award = an award, “{ $title }”
voice-win-came-back = back to lessons after a break
voice-win-caught-up = all work is handed in, nothing is overdue any more
voice-win-more = more time for learning than before
voice-win-streak = regular lessons, weeks in a row: { $count }
voice-win-lessons = lessons finished: { $count }
voice-improve = What to work on: { $what }. Ten minutes together: { $action }
voice-improve-topic = the topic “{ $title }”, { $percent }
voice-improve-test = the test “{ $title }”, { $percent }
voice-improve-overdue = hand in what is overdue
voice-improve-less = there was less time for learning than before
voice-question = Something to ask: { $question }
voice-overdue = Overdue tasks: { $count }.
voice-overdue-named = Overdue now: “{ $title }”, due { $day }. All in all: { $count }.
voice-due = Next: the test “{ $title }”, due { $day }.
voice-words = The teacher has written, too: please read it in the text.
