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
verdict-on_track-1 = Темп хороший.
verdict-on_track-2 = Дела идут хорошо, темп не ниже прежнего.
verdict-on_track-3 = Учёба движется уверенно.
verdict-on_track-4 = Ритм держится.
verdict-as_usual-1 = Учёба идёт как обычно.
verdict-as_usual-2 = Темп примерно прежний.
verdict-as_usual-3 = Всё примерно как раньше.
verdict-as_usual-4 = Ритм почти прежний.
verdict-uneven-1 = Темп был неровным.
verdict-uneven-2 = В этот раз неровно: цифры говорят о разном.
verdict-uneven-3 = Ритм менялся, и не в одну сторону.
verdict-uneven-4 = Шло неровно.
verdict-under_way-1 = Занятия идут.
verdict-under_way-2 = Учёба идёт своим чередом.
verdict-under_way-3 = Занятия продолжаются.
verdict-under_way-4 = Учёба продолжается.
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
report-study = ⏱ Время на учёбу: { $time }. Занятия в { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} из { $of }.
report-study-before = ⏱ Время на учёбу: { $time }, { $kind ->
    [month] месяцем
   *[week] неделей
} раньше — { $before }. Занятия в { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} из { $of }.
report-study-before-none = ⏱ Время на учёбу: { $time }, { $kind ->
    [month] месяцем
   *[week] неделей
} раньше занятий не было. Занятия в { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} из { $of }.
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
report-tests = 📝 Проверено тестов: { $count }, в среднем { $average }.
report-tests-before = 📝 Проверено тестов: { $count }, в среднем { $average } (раньше — { $before }).
report-tests-one = 📝 Проверен один тест:
report-tests-taken = 📝 Пройдено тестов: { $count }.
report-test-taken = • «{ $title }»: пройден, без баллов
report-test-score = • «{ $title }»: { $score } из { $max_score }
report-test-retaken = • «{ $title }»: { $score } из { $max_score } (до пересдачи — { $before })
report-tests-more = • и ещё { $count }
report-trend = 📈 Занятия в неделю: сначала { $first }, в конце месяца { $last }.
report-week-line = 📆 Прошлая неделя, { $period }: занятия — { $time }, { $lessons ->
    [one] { $lessons } урок
    [few] { $lessons } урока
   *[many] { $lessons } уроков
}. { $verdict }
report-week-line-verdict = 📆 Прошлая неделя, { $period }. { $verdict }
report-week-line-none = 📆 Прошлая неделя, { $period }: занятий не было.

# The win
report-win-1 = ✅ Получилось: { $win }.
report-win-2 = ✅ Есть чем гордиться: { $win }.
report-win-3 = ✅ Хорошая новость: { $win }.
report-win-4 = ✅ Стоит похвалить: { $win }.
win-course = курс «{ $title }» пройден полностью
win-test = тест «{ $title }» — { $score } из { $max_score } ({ $percent })
win-test-best = тест «{ $title }» — { $score } из { $max_score } ({ $percent }), лучший результат за месяц
win-mended = тест «{ $title }» пересдан, было { $before }, стало { $score } из { $max_score }
win-milestone-25 = пройдена четверть курса «{ $title }»
win-milestone-50 = пройдена половина курса «{ $title }»
win-milestone-75 = пройдено три четверти курса «{ $title }»
win-award = награда «{ $title }»
win-came-back = после перерыва занятия снова идут, { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} с занятиями
win-caught-up = всё сдано, просроченных заданий больше нет (раньше — { $before })
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
    На это уйдёт 10 минут: { $action }
report-improve-2 = 🎯 Чему уделить внимание: { $what }.
    Хватит 10 минут: { $action }
report-improve-3 = 🎯 В центре внимания: { $what }.
    Шаг на 10 минут: { $action }
report-improve-4 = 🎯 Над чем поработать: { $what }.
    За 10 минут: { $action }
improve-topic = тема «{ $title }» — { $score } из { $max_score } баллов за двенадцать недель ({ $percent })
improve-test = тест «{ $title }» — { $score } из { $max_score } баллов ({ $percent })
improve-overdue = { $count ->
    [one] { $count } просроченное задание
    [few] { $count } просроченных задания
   *[many] { $count } просроченных заданий
}
improve-overdue-named = сдать просроченное — { $works }
improve-less = времени на учёбу стало меньше, { $time } вместо { $before }
report-done = 🤝 То, что мы предлагали прошлый раз, вы сделали вместе. Спасибо!
report-done-no-result = 🤝 Десять минут вместе над «{ $title }» сделаны. Нового результата пока нет.
report-done-result = 🤝 Вы поработали вместе над «{ $title }»: было { $before }, стало { $now }.

report-question-1 = 💬 Вопрос за ужином: «{ $question }»
report-question-2 = 💬 Спросите сегодня: «{ $question }»
report-question-3 = 💬 Повод поговорить: «{ $question }»
report-question-4 = 💬 Вопрос по дороге: «{ $question }»

# Month
report-strong-topic = 💪 Сильная тема: «{ $title }» — { $percent }.
report-awards = 🏅 Награды: { $titles }.

# Ahead
report-overdue = ⏰ Просроченных заданий: { $count }.
report-overdue-named = ⏰ Сейчас просрочено: { $works }. Что сделать: открыть вместе и сдать то, что уже готово.
report-work = «{ $title }» (срок { $day })
report-and-more = { $named } и ещё { $more }
report-next = 📅 Сейчас на очереди: урок { $position } «{ $title }».
report-next-title = 📅 Сейчас на очереди: «{ $title }».
report-due = 🗓 Впереди: «{ $title }» — срок { $day } ({ $weekday }).
report-due-now = 🗓 Впереди: «{ $title }» — срок { $day } ({ $weekday }). Что сделать: выбрать вместе день для подготовки.
report-course = 🎓 «{ $title }»: пройдено { $done } из { $required } уроков.
report-course-then = 🎓 «{ $title }»: на { $day } пройдено { $done } из { $required } уроков.
report-forecast = Окончание при таком темпе: { $months }.
report-materials = 🆕 Новых материалов: { $count }.
report-materials-named = 🆕 Новые материалы: { $titles }.
report-comment = ✍️ { $author }: «{ $body }»
report-comment-teacher = ✍️ Преподаватель: «{ $body }»
report-words = ✍️ { $name }: слова преподавателя

# Notes
report-stale = ℹ️ Данные платформы — на { $day }, { $time }; что было позже, в отчёт не вошло.
report-partial = ℹ️ Часть данных платформа не передаёт: здесь только то, что известно.
report-ai-label = 🤖 AI: слова модели, числа платформы.
report-subscription = 🔒 По подписке в отчёте есть ещё: результаты тестов, ближайшие сроки, совет на 10 минут, слова преподавателя и картинка. Открыть: /subscribe
report-subscription-short = 🔒 Полный отчёт — по подписке: /subscribe

# An idle period
idle-no_study-1 = Занятий не было — так бывает.
idle-no_study-2 = В этот раз занятий не было.
idle-no_study-3 = Перерыв: занятий пока не было.
idle-no_study-4 = Эти дни прошли без занятий.
idle-not_begun = Курс ещё впереди: занятий пока не было.
idle-course_paused = Курс сейчас на паузе, поэтому занятий не было.
idle-finished = Курс пройден, новых занятий не было. Поздравляем!
idle-no_data = Данных за эти дни платформа ещё не передала.
idle-before_enrolment = В это время учёба ещё не началась: первый день — { $day }.
idle-way-back-lesson = Лёгкий шаг: открыть вместе урок «{ $title }» и посмотреть первые 10 минут.
idle-way-back = Лёгкий шаг: вместе вспомнить за 10 минут любой пройденный урок.

# The picture
picture-week = Неделя { $period }
picture-time = время учёбы
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
picture-average = в среднем
picture-average-one = результат теста
picture-earlier = раньше { $value }
picture-minutes-by-day = Минуты занятий по дням
picture-before = { $kind ->
    [month] месяцем раньше
   *[week] неделей раньше
}
picture-strongest = Самая сильная тема
picture-weakest = Тема для повторения
picture-course = Пройдено по курсу

# Under a report
under-why = Почему так?
under-tonight = План на вечер
under-done = ✅ Сделали вместе
why-heading = ❓ Почему так — { $name }, { $period }
why-on_track = Сравниваем с таким же временем раньше: ни занятий, ни уроков меньше не стало.
why-as_usual = Сравниваем с таким же временем раньше: разница небольшая, выводов из неё не делаем.
why-uneven = Цифры говорят о разном, поэтому общего вывода нет.
why-under_way = Сравнивать пока не с чем: целого такого же периода раньше ещё не было.
why-slowed_down = Сравниваем с таким же временем раньше: учёбы стало меньше — больше чем на четверть или вместе с уроками.
why-paused = За это время не было ни занятий, ни уроков, ни тестов.
why-finished = Обязательные уроки курса пройдены.
why-too_early = С первого занятия прошло меньше двух недель: случайность ещё сильнее привычки.
why-topic = Это одна из тем с наименьшим числом баллов за двенадцать недель. Новый результат может всё изменить.
why-test = Это один из самых трудных результатов за период. Пересдача заменит его.
why-overdue = Срок прошёл, а работа не сдана: это можно исправить быстрее всего.
why-less = Время на учёбу сократилось больше чем на четверть: проще всего начать с привычки.
why-forecast = Срок окончания считаем по темпу последних четырёх недель, поэтому это месяцы, а не день.
tonight-heading = 🕖 10 минут вечером — { $name }
tonight-ask = 1. Две минуты — спросите: «{ $question }»
tonight-do = 2. Шесть минут — { $action }
tonight-praise = 3. Две минуты — похвалите: { $win }.
tonight-effort = за то, что нашлось время
tonight-lesson = откройте вместе урок «{ $title }» и посмотрите начало.
tonight-recall = вместе вспомните любой пройденный урок.
tonight-done = Когда получится, нажмите «Сделали вместе»: следующий отчёт это учтёт.
done-saved = Отлично, записали. В следующем отчёте посмотрим, что изменилось.
done-known = Это уже записано. Спасибо!
