### /paysupport: what a parent reads, and what the staff does.

paysupport-which = Помощь с оплатой. О каком платеже речь?
paysupport-order = { $day } · { $price } · { $provider }
paysupport-order-but = { $order } · { $status }
paysupport-other = Другой вопрос
paysupport-reason-order = Заказ { $order }.
paysupport-reason = Напишите одним сообщением, что случилось и чего вы хотите: оно сразу попадёт к нашей команде. Пожалуйста, никогда не присылайте номера карт и коды из СМС: нам они не нужны.
paysupport-contact = Нам можно написать и сюда: { $contact }
paysupport-leave = Не нужно
paysupport-left = Хорошо. Если понадобится помощь с оплатой: /paysupport
paysupport-sent = Спасибо, ваша просьба № { $number } у нашей команды. Мы напишем вам здесь, в Telegram. Деньги не пропадут: оплаченное либо открыто вам, либо возвращается.
paysupport-cut = Сообщение оказалось длиннее { $most } знаков, поэтому команда получила его начало. Остальное можно прислать ещё одним обращением: /paysupport
paysupport-enough = Ваши сегодняшние просьбы уже у нашей команды, мы ими занимаемся. Пожалуйста, дождитесь ответа.
staff-request = Помощь с оплатой: просьба № { $number }, { $day }
staff-request-from = От родителя { $id }, язык: { $speaks }
staff-request-order = Заказ { $order }: { $price }, { $status }
staff-request-charge = Транзакция { $charge }
staff-order-pending = не оплачен
staff-order-paid = оплачен
staff-order-refunded = возвращён
staff-order-cancelled = отменён
