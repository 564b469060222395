# Formats
format-percent = { $number }%
format-money = { $number } soʻm
format-stars = { $number } ⭐
format-minutes = { $minutes } daqiqa
format-hours = { $hours } soat
format-hours-minutes = { $hours } soat { $minutes } daqiqa
format-hours-minutes-short = { $hours } soat { $minutes } daq
format-quoted = «{ $text }»
format-day-month = { $day }-{ $month }
format-day-month-year = { $year }-yil { $day_month }
format-month-year = { $year }-yil { $month }
format-months-of-a-year = { $year }-yil { $first }–{ $last }

# Errors of the kit
error-unexpected = Kutilmagan xatolik yuz berdi. Biz bu haqda allaqachon xabar oldik. Iltimos, birozdan soʻng qayta urinib koʻring.
error-refused = Afsuski, hozir buni bajarib boʻlmaydi.
error-not-found = Bu maʼlumot topilmadi.
error-access-denied = Bu maʼlumotni koʻrish huquqi sizda yoʻq.
error-unavailable = Xizmat hozir javob bermayapti. Iltimos, bir necha daqiqadan soʻng qayta urinib koʻring.
error-outcome-unknown = Bu bajarilgan-bajarilmaganini bilib boʻlmadi: bajarilgan boʻlishi mumkin. Iltimos, qayta urinishdan oldin /subscription yoki /children orqali koʻring.
error-steps-unavailable = Roʻyxatdan oʻtish hozir ishlamayapti. Iltimos, bir necha daqiqadan soʻng qayta urinib koʻring.
