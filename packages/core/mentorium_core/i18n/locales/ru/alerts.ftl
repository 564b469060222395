# Между отчётами: коротко и с одним шагом
alert-title = «{ $title }»
alert-line = • { $what }
alert-course-finished = 🎓 { $name }: курс { $title } пройден полностью! Спросите вечером, что было самым трудным, и похвалите за старание.
alert-joy = 🎉 { $name }: хорошие новости
alert-tests = без единой ошибки: { $titles }
alert-awards = { $count ->
    [one] награда: { $titles }
   *[other] награды: { $titles }
}
alert-joy-todo = Спросите вечером, как это получилось, и порадуйтесь вместе.
alert-comment = { $name }: слова преподавателя
alert-comment-todo = Поговорите об этом вечером. Прочитать снова: /teacher
alert-materials = 🆕 { $name }: на этой неделе в курсе появилось новое — { $titles }. Откройте что-нибудь вместе на 10 минут.
alert-due = 🗓 { $name }: завтра, { $day } ({ $weekday }), срок сдачи — { $titles }. Посмотрите вечером вместе, что уже готово.
alert-idle = 🌱 { $name }: занятий не было { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}. Так бывает. { $step }
