### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 month
tariff-title-quarterly = 3 months
tariff-title-annual = 1 year

pay-choose = You have chosen: { $tariff }. How would you like to pay?
pay-covered-already = Somebody else's subscription already covers all your children here, until { $until }. There is no need to pay before then; if you do, your own days begin today.
pay-no-child = None of your children is open to you here right now, so a subscription would have nothing to show yet. Please link a child first: /children
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
renewal-none = There is no renewal to switch here. Tariffs: /subscribe
renewal-is-on-now = Done: Telegram may renew the subscription again. Please switch it on there, too: Settings → My Stars → Mentorium → Renew. The next charge is then on { $day }.
renewal-is-off-now = Done: nothing more will be charged. All you have paid for stays open until { $day }.

subscription-stands = Your subscription lasts until { $until }. The tariff that runs now: { $tariff }.
subscription-in-grace = The days of your subscription ({ $tariff }) ended on { $until }. Everything stays open until { $open_until }; to go on after that, choose a tariff.
subscription-none = You have no subscription of your own at the moment.
subscription-no-renewal = It does not renew by itself; nothing will be charged.
subscription-next-charge = Next charge: { $day }, { $price } (Telegram Stars).
subscription-renewal-off = The renewal is off: nothing will be charged.
subscription-renewal-failed = The last renewal did not go through, and nothing was charged for it. To go on, please choose a tariff anew.
subscription-history = Payments:
subscription-payment = • { $day }: { $what }, { $price }, { $provider }
subscription-payment-returned = • { $day }: { $what }, { $price }, { $provider } – returned
subscription-receipt = Receipt: { $url }
subscription-ways = /subscribe – tariffs, /paysupport – help with payments

subscription-ends-soon = Your subscription ends on { $until }. To keep full reports and answers without a break, you can extend it now; the new days begin where the old ones end:
subscription-ended = The days of your subscription ended on { $until }. Everything stays open until { $open_until }, so there is no hurry. To go on:
subscription-last-day = The last day of full access: it closes on { $open_until }. If you extend before that, nothing is interrupted; short reports, settings and your data stay with you either way:
subscription-over = Your subscription has ended. Short reports, settings and your data stay with you. Full reports and answers open again with any tariff:
subscription-given = The Mentorium team has given you: { $what }. Full reports and the assistant's answers are open until { $until }. All about it: /subscription
subscription-given-days = { $days ->
    [one] { $days } day of subscription
   *[other] { $days } days of subscription
}
