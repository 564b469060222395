### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 month
tariff-title-quarterly = 3 months
tariff-title-annual = 1 year

pay-choose = You have chosen: { $tariff }. How would you like to pay?
pay-covered-already = Somebody else's subscription already covers all your children here, until { $until }. There is no need to pay before then; if you do, your own days begin today.
pay-button = { $provider } – { $price }
pay-renew-button = { $provider } – { $price } every 30 days, renews by itself
pay-none-offered = You have chosen: { $tariff }. Paying here is not possible at the moment. Please write to us, and we will find a way: /paysupport
pay-not-offered = Paying with { $provider } is not possible at the moment. Here are the other ways:
pay-not-offered-nor-others = Paying with { $provider } is not possible at the moment. Please write to us, and we will find a way: /paysupport
pay-checkout = Order { $order }
    { $tariff } – { $price }

    Please pay with the button below; it works for 24 hours. As soon as the payment arrives, I will write to you here.
pay-renewal-checkout = Order { $order }
    { $tariff } – { $price }, then the same every 30 days

    Please confirm with the button below; it works for 24 hours. You can switch the renewal off at any time: /subscription
pay-open-button = Pay with { $provider }

renewal-is-on-already = Your subscription already renews by itself. When and for how much: /subscription
renewal-off-button = Switch the renewal off
renewal-on-button = Switch the renewal on
