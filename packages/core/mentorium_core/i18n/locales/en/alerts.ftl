# Between two reports: short, and one thing to do
alert-title = “{ $title }”
alert-line = • { $what }
alert-course-finished = 🎓 { $name } has finished the course { $title }! Ask tonight what was hardest, and praise the effort.
alert-joy = 🎉 Good news about { $name }:
alert-tests = full marks: { $titles }
alert-awards = { $count ->
    [one] an award: { $titles }
   *[other] awards: { $titles }
}
alert-joy-todo = Ask tonight how it went, and say that you are glad.
alert-comment = { $name }: a word from the teacher
alert-comment-todo = Talk about it tonight. To read it again: /teacher
alert-materials = 🆕 New in { $name }'s course this week: { $titles }. Open one of them together for 10 minutes.
alert-due = 🗓 { $name } has to hand in { $titles } by tomorrow, { $day } ({ $weekday }). Look together tonight at what is ready.
alert-idle = 🌱 { $name }: no study for { $days ->
    [one] { $days } day
   *[other] { $days } days
} now. That happens. { $step }
