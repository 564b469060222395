report-header = { $kind ->
    [month] 📘 { $name } — { $period }
   *[week] 📘 { $name } — неделя { $period }
}
report-your-child = Ваш ребёнок
report-period-note = { $kind ->
    [month] Последний завершённый месяц.
   *[week] Последняя завершённая неделя, с понедельника по воскресенье.
}

# The verdict in words, four ways of saying it
verdict-on_track-1 = Учёба идёт по плану.
verdict-on_track-2 = Всё идёт ровно, темп хороший.
verdict-on_track-3 = Учёба движется уверенно.
verdict-on_track-4 = Ритм держится, всё по плану.
verdict-slowed_down-1 = Темп снизился.
verdict-slowed_down-2 = Учёба замедлилась.
verdict-slowed_down-3 = В этот раз темп ниже обычного.
verdict-slowed_down-4 = Учёба идёт медленнее, чем раньше.
verdict-paused-1 = В учёбе пауза.
verdict-paused-2 = Учёба пока на паузе.
verdict-paused-3 = Занятия прервались.
verdict-paused-4 = Сейчас перерыв в занятиях.
verdict-finished-1 = Курс пройден.
verdict-finished-2 = Учёба по курсу завершена.
verdict-finished-3 = Курс завершён полностью.
verdict-finished-4 = Всё пройдено: курс закончен.
verdict-too_early-1 = Учёба только началась, выводы делать рано.
verdict-too_early-2 = Первые недели: для выводов пока рано.
verdict-too_early-3 = Начало положено, судить о темпе ещё рано.
verdict-too_early-4 = Пока знакомство с курсом, выводы впереди.

# Figures
report-study = ⏱ Занятия: { $time } за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}.
report-study-before = ⏱ Занятия: { $time } за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} ({ $kind ->
    [month] месяцем
   *[week] неделей
} раньше — { $before }).
report-study-before-none = ⏱ Занятия: { $time } за { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} ({ $kind ->
    [month] месяцем
   *[week] неделей
} раньше занятий не было).
report-lessons = 📚 Пройдено: { $count ->
    [one] { $count } урок
    [few] { $count } урока
   *[many] { $count } уроков
}.
report-lessons-before = 📚 Пройдено: { $count ->
    [one] { $count } урок
    [few] { $count } урока
   *[many] { $count } уроков
} ({ $kind ->
    [month] месяцем
   *[week] неделей
} раньше — { $before }).
report-tests = 📝 С результатом: { $count ->
    [one] { $count } тест
    [few] { $count } теста
   *[many] { $count } тестов
}, в среднем { $average }.
report-tests-before = 📝 С результатом: { $count ->
    [one] { $count } тест
    [few] { $count } теста
   *[many] { $count } тестов
}, в среднем { $average } (раньше — { $before }).
report-tests-taken = 📝 Пройдено тестов: { $count }.
report-test-taken = • «{ $title }»: пройден, без баллов
report-test-score = • «{ $title }»: { $score } из { $max_score }
report-trend = 📈 За { $weeks } недели: с { $first } до { $last } занятий в неделю.

# The win
report-win-1 = ✅ Получилось: { $win }.
report-win-2 = ✅ Есть чем гордиться: { $win }.
report-win-3 = ✅ Хорошая новость: { $win }.
report-win-4 = ✅ Стоит похвалить: { $win }.
win-course = курс «{ $title }» пройден полностью
win-test = тест «{ $title }» — { $score } из { $max_score } ({ $percent })
win-test-best = тест «{ $title }» — { $score } из { $max_score } ({ $percent }), лучший результат за месяц
win-milestone = пройдено { $percent } курса «{ $title }»
win-award = награда «{ $title }»
win-came-back = после перерыва занятия снова идут, { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} с занятиями
win-caught-up = все работы сданы, просроченных больше нет (раньше — { $before })
win-more = времени на учёбу стало больше, { $time } вместо { $before }
win-streak = { $weeks ->
    [one] { $weeks } неделя
    [few] { $weeks } недели
   *[many] { $weeks } недель
} подряд с регулярными занятиями
win-lessons = { $count ->
    [one] пройден { $count } урок
    [few] пройдено { $count } урока
   *[many] пройдено { $count } уроков
}
win-lessons-last = { $count ->
    [one] пройден { $count } урок
    [few] пройдено { $count } урока
   *[many] пройдено { $count } уроков
}, последний — «{ $title }»

# The one thing to improve
report-improve-1 = 🎯 Что улучшить: { $what }.
    На 10 минут вместе: { $action }
report-improve-2 = 🎯 Чему уделить внимание: { $what }.
    Хватит 10 минут вдвоём: { $action }
report-improve-3 = 🎯 Точка роста: { $what }.
    Шаг на 10 минут: { $action }
report-improve-4 = 🎯 Над чем поработать: { $what }.
    Вместе за 10 минут: { $action }
improve-topic = тема «{ $title }» — { $score } из { $max_score } баллов ({ $percent })
improve-test = тест «{ $title }» — { $score } из { $max_score } баллов ({ $percent })
improve-overdue = { $count ->
    [one] { $count } работа с прошедшим сроком
    [few] { $count } работы с прошедшим сроком
   *[many] { $count } работ с прошедшим сроком
}
improve-less = времени на учёбу стало меньше, { $time } вместо { $before }

report-question-1 = 💬 Вопрос за ужином: «{ $question }»
report-question-2 = 💬 Спросите сегодня: «{ $question }»
report-question-3 = 💬 Повод поговорить: «{ $question }»
report-question-4 = 💬 Вопрос по дороге: «{ $question }»

# Month
report-strong-topic = 💪 Сильная тема: «{ $title }» — { $percent }.
report-awards = 🏅 Награды: { $titles }.

# Ahead
report-overdue = ⏰ Работ с прошедшим сроком: { $count }.
report-next = 📅 Дальше: урок { $position } «{ $title }».
report-next-title = 📅 Дальше: «{ $title }».
report-due = 🗓 Тест «{ $title }» — срок { $day } ({ $weekday }).
report-course = 🎓 «{ $title }»: { $done } из { $required } уроков.
report-course-forecast = 🎓 «{ $title }»: { $done } из { $required } уроков. Окончание при таком темпе: { $months }.
report-materials = 🆕 Новых материалов: { $count }.
report-comment = ✍️ { $author }: «{ $body }»
report-comment-teacher = ✍️ Преподаватель: «{ $body }»

# Notes
report-stale = ℹ️ Данные платформы — на { $day }, { $time }; что было позже, в отчёт не вошло.
report-partial = ℹ️ Часть данных платформа не передаёт: здесь только то, что известно.
report-subscription = 🔒 Результаты тестов, совет и прогноз — в полном отчёте по подписке: /subscribe

# An idle period
idle-no_study-1 = Занятий не было — так бывает.
idle-no_study-2 = В этот раз обошлось без занятий.
idle-no_study-3 = Перерыв: занятий пока не было.
idle-no_study-4 = Эти дни прошли без занятий.
idle-not_begun = Курс ещё впереди: занятий пока не было.
idle-course_paused = Курс сейчас на паузе, поэтому занятий не было.
idle-finished = Курс пройден, новых занятий не было. Поздравляем!
idle-no_data = Данных за эти дни платформа ещё не передала.
idle-way-back-lesson = Лёгкий шаг: открыть вместе урок «{ $title }» и посмотреть первые 10 минут.
idle-way-back = Лёгкий шаг: вместе вспомнить за 10 минут любой пройденный урок.

# The picture
picture-week = Неделя { $period }
picture-time = времени на учёбу
picture-days = { $days ->
    [one] день с занятиями
    [few] дня с занятиями
   *[many] дней с занятиями
}
picture-lessons = { $count ->
    [one] урок пройден
    [few] урока пройдено
   *[many] уроков пройдено
}
picture-average = средний результат
picture-earlier = раньше { $value }
picture-minutes-by-day = Минуты занятий по дням
picture-before = { $kind ->
    [month] месяцем раньше
   *[week] неделей раньше
}
picture-strongest = Самая сильная тема
picture-weakest = Тема для повторения
picture-course = Пройдено по курсу
