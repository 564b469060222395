# The mentor's answer from the data alone, where the words of a language model may not be shown.
told-intro = Here are the exact figures of the platform:
told-head = { $child }, { $period }:
told-head-now = { $child }:
told-study = • Study time: { $time }, on { $days } of { $of ->
    [one] { $of } day
   *[other] { $of } days
}
told-study-time = • Study time: { $time }
told-tariff = • { $tariff }: { $price }
told-paid-until = • Your subscription ({ $tariff }) is paid until { $day }
told-commands = • Commands: { $commands }
told-lessons = • Lessons finished: { $count }
told-tests = • Tests taken: { $count }
told-tests-average = • Tests taken: { $count }, average { $percent }
told-test-score = • Test “{ $title }”, { $day }: { $score } of { $max_score } points ({ $percent })
told-test-marked = • Test “{ $title }”, { $day }: { $score } of { $max_score } points ({ $percent }), pass mark { $pass_score }
told-test-taken = • Test “{ $title }”, { $day }: taken, without points
told-before = • Before that, { $period }: { $figures }
told-lessons-short = lessons: { $count }
told-average-short = average of tests: { $percent }
told-awards = • Awards: { $titles }
told-course = • Course “{ $title }”: { $done } of { $required } lessons
told-next-lessons = • Next lessons: { $titles }
told-strongest = • Strongest topic: “{ $title }”, { $percent }
told-weakest = • What needs practice: “{ $title }”, { $percent }
told-why = • { $text }
told-by-day = • By day: { $days }
told-comment = • Teacher, { $day }: “{ $text }”
told-question = • To ask your child: { $text }
told-meaning = “{ $title }”: { $text }
told-advice = • For ten minutes together: { $action }
told-due = • Due { $day }: “{ $title }”
told-late = • Overdue: “{ $title }”, was due { $day }
told-late-count = • Overdue tasks: { $count }
told-nothing = • There is nothing for these days in the data.
told-no-data = Sorry, I cannot answer that exactly at the moment. Please ask in other words, or press /report: all the figures are there.
told-rest-cut = The answer was too long, so I stop here. Ask about a part of it and I will go on.
told-filtered = I will not answer this question here. I gladly help with your child's learning: results, topics, next steps.
# Below every answer in a model's words.
mentor-ai-label = 🤖 Written by AI
