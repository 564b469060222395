### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 месяц
tariff-title-quarterly = 3 месяца
tariff-title-annual = 1 год

pay-choose = Вы выбрали: { $tariff }. Чем вам удобнее заплатить?
pay-covered-already = Всех ваших детей здесь уже охватывает подписка другого взрослого, до { $until } До этого дня платить не нужно; если заплатите, ваши дни начнутся сегодня.
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
