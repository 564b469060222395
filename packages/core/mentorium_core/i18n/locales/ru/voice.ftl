# Отчёт голосовым сообщением: все числа уже словами
under-voice = 🔊 Послушать
voice-caption = 🔊 Читает машина. Весь отчёт — в тексте.
voice-not-made = Голосовое сообщение сейчас сделать не получилось. Текст выше полный; нажмите «Послушать» ещё раз через несколько минут.
voice-refused = Telegram не даёт отправить вам голосовое сообщение: так настроена ваша конфиденциальность. Текст выше полный.
voice-too-many = Слишком много голосовых сообщений подряд. Попробуйте ещё раз через минуту.
voice-coming = Голосовое сообщение скоро придёт
settings-voice-on = 🔊 Отчёты голосом: да
settings-voice-off = 🔊 Отчёты голосом: нет
voice-switched-on = Теперь каждый отчёт будет ещё и прочитан голосом машины. Текст приходит всегда.
voice-switched-off = Отчёты больше не читаются вслух. Кнопка «Послушать» под ними остаётся.
voice-intro = Говорит машина. Отчёт: { $name }, { $period }.
voice-intro-child = Говорит машина. Отчёт о вашем ребёнке, { $period }.
voice-your-child = ваш ребёнок
voice-week = неделя с { $first } до { $last }
voice-day = { $day } { $month }
voice-hours = { $number ->
    [one] { $words } час
    [few] { $words } часа
   *[many] { $words } часов
}
voice-minutes = { $number ->
    [one] { $words } минута
    [few] { $words } минуты
   *[many] { $words } минут
}
voice-percent = { $number ->
    [one] { $words } процент
    [few] { $words } процента
   *[many] { $words } процентов
}
voice-percents = процента
voice-not-begun = В это время учёба ещё не началась: она началась { $day }.
voice-study = Время на учёбу: { $time }.
voice-study-before = Время на учёбу: { $time }; { $kind ->
    [month] месяцем
   *[week] неделей
} раньше — { $before }.
voice-lessons = Пройдено уроков: { $count }.
voice-tests = Тестов: { $count }, в среднем — { $percent }.
voice-tests-one = Один тест: { $percent }.
voice-win = Что получилось: { $win }.
voice-win-course = курс «{ $title }» пройден полностью
voice-win-test = тест «{ $title }» — { $percent }
voice-win-mended = тест «{ $title }» пересдан, и лучше прежнего
voice-win-milestone-25 = пройдена четверть курса «{ $title }»
voice-win-milestone-50 = пройдена половина курса «{ $title }»
voice-win-milestone-75 = пройдены три четверти курса «{ $title }»
voice-win-award = награда «{ $title }»
voice-win-came-back = после перерыва занятия начались снова
voice-win-caught-up = всё сдано, просроченного больше нет
voice-win-more = на учёбу ушло больше времени, чем раньше
voice-win-streak = занятия регулярные, недель подряд: { $count }
voice-win-lessons = пройдено уроков: { $count }
voice-improve = Над чем поработать: { $what }. На десять минут вместе: { $action }
voice-improve-topic = тема «{ $title }» — { $percent }
voice-improve-test = тест «{ $title }» — { $percent }
voice-improve-overdue = сдать то, что просрочено
voice-improve-less = на учёбу ушло меньше времени, чем раньше
voice-question = О чём спросить: { $question }
voice-overdue = Просроченных заданий: { $count }.
voice-overdue-named = Сейчас просрочено: «{ $title }», срок был до { $day }. Всего таких: { $count }.
voice-due = Впереди тест «{ $title }», срок — до { $day }.
voice-words = Есть и слова учителя: прочтите их в тексте.
