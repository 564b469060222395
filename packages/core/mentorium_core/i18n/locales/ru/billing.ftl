### Payments and subscription: what a parent reads about money.

payment-received = Спасибо! Оплата получена: { $what }. Полные отчёты и ответы помощника открыты до { $until } Всё о подписке: /subscription
payment-not-made = Оплата не завершена, деньги не списаны. Можно попробовать ещё раз или выбрать другой способ.
payment-received-again = Спасибо! Оплата получена: { $what }. Это вторая оплата за сутки, и обе засчитаны: всё открыто до { $until } Если вы заплатили дважды по ошибке, одну оплату мы вернём: /paysupport
payment-not-made-in-time = Оплату не успели завершить, и она закрылась; деньги не списаны. Можно просто начать заново или выбрать другой способ.
payment-not-made-declined = Банк не пропустил эту оплату, деньги не списаны. Часто дело в остатке на карте или в лимите на оплату в интернете. Попробуйте другую карту или другой способ.
payment-not-made-stopped = Оплата остановлена, деньги не списаны. Когда захотите, можно начать заново или выбрать другой способ.
payment-way-on-button = Выбрать, чем платить
payment-refunded = Деньги возвращены, и оплаченный ими доступ закончился. Чтобы вернуться: /subscribe
payment-refunded-some-left = Деньги возвращены. Остальное, что вы оплатили, открыто до { $until }
invoice-title-monthly = Mentorium, 1 месяц
invoice-title-quarterly = Mentorium, 3 месяца
invoice-title-annual = Mentorium, 1 год
invoice-description = Полные отчёты и ответы наставника о ваших детях.
