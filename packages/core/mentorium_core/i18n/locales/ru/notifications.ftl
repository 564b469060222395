### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = И ещё с прошлого отчёта:
notify-off-achievement = Не присылать достижения
notify-off-reminder = Не присылать напоминания
report-missed = { $name }: отчёт за { $period } мог до вас не дойти. Он сохранён здесь.
report-missed-show = Показать отчёт
settings-reports-button = Отчёты: какие и когда
settings-reports = Какие отчёты присылать, в какой день и в котором часу?

    Сейчас: { $reports }

    Ниже – тон отчётов и язык, на котором они приходят (📘).
settings-often-both = За неделю и за месяц
settings-often-weekly = Только за неделю
settings-often-monthly = Только за месяц
settings-often-off = Без отчётов
settings-hours-usual = Неделя 9:00, месяц 10:00
settings-report-weekly = за неделю: { $weekday }, { $hour }
settings-report-monthly = за месяц: 1-го числа, { $hour }
settings-report-none = никаких; /report покажет отчёт в любое время
settings-tone-warm = Тёплый
settings-tone-neutral = Нейтральный
settings-tone-brief = Краткий
settings-ai-on = 🤖 Тексты от AI: да
settings-ai-off = 🤖 Тексты от AI: нет
ai-switched-on = AI снова может писать для вас: слова вокруг фактов в отчётах и ответы в чате. Такие отчёты помечены 🤖, числа в них – из данных платформы.
ai-switched-off = AI больше не пишет вам ни отчётов, ни ответов: всё приходит прямо из данных платформы, и ничего не теряется. Включить снова можно в /settings.
settings-back = Назад
settings-all = Все настройки
settings-achievement-on = Достижения: включены
settings-achievement-off = Достижения: выключены
settings-reminder-on = Напоминания: включены
settings-reminder-off = Напоминания: выключены
settings-subscription-on = Подписка: со звуком
settings-subscription-off = Подписка: без звука
settings-payment-on = Платежи: со звуком
settings-payment-off = Платежи: без звука
settings-said-achievement-on = Достижения снова включены: пройденные курсы, тесты без ошибок, важные вехи.
settings-said-achievement-off = Достижения выключены: отдельных сообщений о них не будет. В отчётах они остаются.
settings-said-reminder-on = Напоминания снова включены: комментарии преподавателя, работы к сроку, дни без занятий.
settings-said-reminder-off = Напоминания выключены: о комментариях, работах к сроку и днях без занятий отдельно не пишу. В отчётах они остаются.
settings-said-subscription-on = Сообщения о подписке снова приходят со звуком.
settings-said-subscription-off = Сообщения о подписке приходят без звука.
settings-said-payment-on = Сообщения о платежах снова приходят со звуком.
settings-said-payment-off = Сообщения о платежах приходят без звука.
settings-undo-achievement-on = Включить достижения
settings-undo-achievement-off = Выключить достижения
settings-undo-reminder-on = Включить напоминания
settings-undo-reminder-off = Выключить напоминания
settings-undo-subscription-on = Со звуком
settings-undo-subscription-off = Без звука
settings-undo-payment-on = Со звуком
settings-undo-payment-off = Без звука
notify-reports = Какие отчёты и когда
payment-said-again = Возможно, вы это уже читали: речь об одном и том же платеже, № { $number }.
