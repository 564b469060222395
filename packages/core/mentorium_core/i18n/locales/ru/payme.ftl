### What Payme shows to whoever is paying, and what stands on a fiscal receipt.

receipt-item = Mentorium, подписка на { $days } дн.
payment-receipt = Фискальный чек вашей оплаты: { $url }
payme-order-unknown = Заказ не найден
payme-order-paid = Заказ уже оплачен
payme-order-busy = Заказ уже оплачивается
payme-order-closed = Заказ отменён или просрочен. Оформите новый в боте: /subscribe
payme-order-elsewhere = Этот заказ оплачивается другим способом
payme-wrong-amount = Неверная сумма
payme-no-transaction = Транзакция не найдена
payme-delivered = Невозможно отменить: услуга оказана
payme-impossible = Невозможно выполнить операцию
payme-not-authorised = Недостаточно привилегий для выполнения метода
payme-system-error = Системная ошибка
payme-unknown-method = Метод не найден
payme-invalid-request = Неверный запрос
payme-invalid-json = Ошибка разбора JSON
payme-not-post = Метод запроса не POST
payme-no-receipt = Чек не найден
payme-invalid-params = Неверные параметры
