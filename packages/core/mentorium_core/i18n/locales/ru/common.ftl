# Formats
format-percent = { $number }{"\u00A0"}%
format-money = { $number } сум
format-stars = { $number } ⭐
format-minutes = { $minutes } мин
format-hours = { $hours } ч
format-hours-minutes = { $hours } ч { $minutes } мин
format-hours-minutes-short = { $hours } ч { $minutes } мин
format-quoted = «{ $text }»
format-day-month = { $day } { $month }
format-day-month-year = { $day_month } { $year } г.
format-month-year = { $month } { $year }
format-months-of-a-year = { $first }–{ $last } { $year }

# Errors of the kit
error-unexpected = Произошла непредвиденная ошибка. Мы уже знаем о ней. Пожалуйста, попробуйте ещё раз чуть позже.
error-refused = К сожалению, сейчас это сделать нельзя.
error-not-found = Таких данных не нашлось.
error-access-denied = У вас нет права видеть эти данные.
error-unavailable = Сервис сейчас не отвечает. Пожалуйста, попробуйте ещё раз через несколько минут.
error-outcome-unknown = Не получилось узнать, выполнено ли это: возможно, да. Пожалуйста, сначала посмотрите в /subscription или /children, прежде чем повторять.
error-steps-unavailable = Регистрация сейчас не работает. Пожалуйста, попробуйте ещё раз через несколько минут.
