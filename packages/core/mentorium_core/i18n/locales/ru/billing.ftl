### Payments and subscription: what a parent reads about money.

payment-received = Спасибо! Оплата получена: полные отчёты и ответы наставника открыты до { $until }.
payment-not-made = Оплата не завершена, деньги не списаны. Можно попробовать ещё раз или выбрать другой способ: /subscribe
payment-refunded = Деньги возвращены, и оплаченный ими доступ закончился. Чтобы вернуться: /subscribe
payment-refunded-some-left = Деньги возвращены. Остальное, что вы оплатили, открыто до { $until }.
invoice-title-monthly = Mentorium, 1 месяц
invoice-title-quarterly = Mentorium, 3 месяца
invoice-title-annual = Mentorium, 1 год
invoice-description = Полные отчёты и ответы наставника о ваших детях.
