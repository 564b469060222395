# The mentor's answer from the data alone, where the words of a language model may not be shown.
told-intro = Вот точные данные платформы:
told-head = { $child }, { $period }:
told-head-now = { $child }:
told-study = • Время на учёбу: { $time }, занятия в { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} из { $of }
told-study-time = • Время на учёбу: { $time }
told-tariff = • { $tariff }: { $price }
told-paid-until = • Ваша подписка ({ $tariff }) оплачена до { $day }
told-commands = • Команды: { $commands }
told-lessons = • Пройдено уроков: { $count }
told-tests = • Пройдено тестов: { $count }
told-tests-average = • Пройдено тестов: { $count }, в среднем { $percent }
told-test-score = • Тест «{ $title }», { $day }: { $score } из { $max_score } баллов ({ $percent })
told-test-marked = • Тест «{ $title }», { $day }: { $score } из { $max_score } баллов ({ $percent }), проходной балл { $pass_score }
told-test-taken = • Тест «{ $title }», { $day }: пройден, без баллов
told-before = • До этого, { $period }: { $figures }
told-lessons-short = уроков — { $count }
told-average-short = тесты в среднем — { $percent }
told-awards = • Награды: { $titles }
told-course = • Курс «{ $title }»: { $done } из { $required ->
    [one] { $required } урока
   *[other] { $required } уроков
}
told-next-lessons = • Следующие уроки: { $titles }
told-strongest = • Сильная тема: «{ $title }», { $percent }
told-weakest = • Над чем поработать: «{ $title }», { $percent }
told-why = • { $text }
told-by-day = • По дням: { $days }
told-comment = • Преподаватель, { $day }: «{ $text }»
told-question = • Что спросить у ребёнка: { $text }
told-meaning = «{ $title }»: { $text }
told-advice = • На десять минут вместе: { $action }
told-due = • Срок { $day }: «{ $title }»
told-late = • Просрочено: «{ $title }», срок был { $day }
told-late-count = • Просроченных заданий: { $count }
told-nothing = • За эти дни данных нет.
told-no-data = Простите, сейчас не могу ответить на это точно. Спросите, пожалуйста, другими словами или нажмите /report: там все цифры.
told-rest-cut = Ответ получился слишком длинным, поэтому здесь остановлюсь. Спросите о любой его части, и я продолжу.
told-filtered = На этот вопрос здесь не отвечу. С радостью помогу с учёбой ребёнка: результаты, темы, следующие шаги.
# Below every answer in a model's words.
mentor-ai-label = 🤖 Ответ написал ИИ
