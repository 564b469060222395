# Отчёт файлом, для печати
under-pdf = 📄 Файлом PDF
pdf-title = Отчёт: { $name }, { $period }
pdf-footer = Mentorium · { $title } · по состоянию на { $day }
pdf-caption = 📄 { $name } — { $period }
pdf-not-made = Файл сейчас сделать не получилось. Отчёт выше полный; нажмите кнопку ещё раз через несколько минут.
pdf-too-many = Слишком много файлов подряд. Попробуйте ещё раз через минуту.
pdf-part-figures = Как прошёл месяц
pdf-part-together = За что похвалить и что сделать
pdf-part-month = Темп, темы, награды
pdf-part-ahead = Что дальше
pdf-part-words = Слова учителя
pdf-column-test = Тест
pdf-column-points = Баллы
pdf-column-share = Результат
pdf-points = { $score } из { $max_score }
pdf-points-retaken = { $score } из { $max_score } (до пересдачи — { $before })
pdf-chart = { $title }. Число месяца — минуты: { $days }. В остальные дни занятий не было.
