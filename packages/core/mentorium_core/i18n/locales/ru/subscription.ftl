### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 месяц
tariff-title-quarterly = 3 месяца
tariff-title-annual = 1 год

pay-choose = Вы выбрали: { $tariff }. Чем вам удобнее заплатить?
pay-covered-already = Всех ваших детей здесь уже охватывает подписка другого взрослого, до { $until } До этого дня платить не нужно; если заплатите, ваши дни начнутся сегодня.
pay-no-child = Сейчас здесь вам не открыт ни один ребёнок, и подписке пока было бы нечего показать. Пожалуйста, сначала привяжите ребёнка: /children
pay-button = { $provider } – { $price }
pay-renew-button = { $provider } – { $price } каждые 30 дней, продлевается сама
pay-none-offered = Вы выбрали: { $tariff }. Оплатить здесь сейчас нельзя. Напишите нам, и мы найдём способ: /paysupport
pay-not-offered = Заплатить через { $provider } сейчас нельзя. Вот другие способы:
pay-not-offered-nor-others = Заплатить через { $provider } сейчас нельзя. Напишите нам, и мы найдём способ: /paysupport
pay-checkout = Заказ { $order }
    { $tariff } – { $price }

    Оплатите кнопкой ниже, она действует 24 часа. Как только оплата придёт, я напишу сюда.
pay-renewal-checkout = Заказ { $order }
    { $tariff } – { $price }, затем столько же каждые 30 дней

    Подтвердите кнопкой ниже, она действует 24 часа. Отключить продление можно в любой момент: /subscription
pay-open-button = Оплатить: { $provider }

renewal-is-on-already = Ваша подписка уже продлевается сама. Когда и за сколько: /subscription
renewal-off-button = Отключить продление
renewal-on-button = Включить продление
renewal-none = Здесь нечего переключать: продления нет. Тарифы: /subscribe
renewal-is-on-now = Готово: Telegram снова может продлевать подписку. Включите продление и там: Настройки → Мои звёзды → Mentorium → Возобновить. Тогда следующее списание: { $day }
renewal-is-off-now = Готово: больше ничего не спишется. Всё, что вы оплатили, открыто до { $day }

subscription-stands = Подписка действует до { $until } Сейчас идёт тариф «{ $tariff }».
subscription-in-grace = Дни подписки ({ $tariff }) закончились { $until } Всё останется открытым до { $open_until } Чтобы продолжить после этого, выберите тариф.
subscription-none = Своей подписки у вас сейчас нет.
subscription-no-renewal = Сама она не продлевается, ничего не спишется.
subscription-next-charge = Следующее списание: { $day }, { $price } (Telegram Stars).
subscription-renewal-off = Продление отключено: ничего не спишется.
subscription-renewal-failed = Последнее продление не прошло, за него ничего не списано. Чтобы продолжить, выберите тариф заново.
subscription-history = Платежи:
subscription-payment = • { $day }: { $what }, { $price }, { $provider }
subscription-payment-returned = • { $day }: { $what }, { $price }, { $provider } – возвращён
subscription-receipt = Чек: { $url }
subscription-ways = /subscribe – тарифы, /paysupport – помощь с оплатой

subscription-ends-soon = Ваша подписка заканчивается { $until } Чтобы полные отчёты и ответы не прерывались, её можно продлить уже сейчас: новые дни начнутся там, где закончатся прежние.
subscription-ended = Дни подписки закончились { $until } Всё останется открытым до { $open_until }, так что спешить не нужно. Чтобы продолжить:
subscription-last-day = Идёт последний день полного доступа: он закроется { $open_until } Если продлить до этого, ничего не прервётся. Короткие отчёты, настройки и ваши данные в любом случае остаются с вами.
subscription-over = Ваша подписка закончилась. Короткие отчёты, настройки и ваши данные остаются с вами. Полные отчёты и ответы снова откроются с любым тарифом:
subscription-given = Команда Mentorium дарит вам: { $what }. Полные отчёты и ответы помощника открыты до { $until } Подробнее: /subscription
subscription-given-days = { $days ->
    [one] { $days } день подписки
    [few] { $days } дня подписки
   *[many] { $days } дней подписки
}
