# The report as a file to print
under-pdf = 📄 As a PDF
pdf-title = Report: { $name }, { $period }
pdf-footer = Mentorium · { $title } · as of { $day }
pdf-caption = 📄 { $name } — { $period }
pdf-not-made = The file could not be made just now. The report above is whole; please try the button again in a few minutes.
pdf-too-many = That was a lot of files at once. Please try again in a minute.
pdf-part-figures = How the month went
pdf-part-together = What to praise and what to do
pdf-part-month = Pace, topics, awards
pdf-part-ahead = What comes next
pdf-part-words = The teacher's words
pdf-column-test = Test
pdf-column-points = Points
pdf-column-share = Result
pdf-points = { $score } of { $max_score }
pdf-points-retaken = { $score } of { $max_score } ({ $before } before the retake)
pdf-chart = { $title }. Day of the month — minutes: { $days }. There was no study on the other days.
