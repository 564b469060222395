### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = И ещё с прошлого отчёта:
notify-off-achievement = Не присылать достижения
notify-off-reminder = Не присылать напоминания
report-missed = { $name }: отчёт за { $period } мог до вас не дойти. Он сохранён здесь.
report-missed-show = Показать отчёт
