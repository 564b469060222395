### Payments in Telegram Stars.

stars-refused-unknown = This invoice is not known here, and nothing was charged. Please ask for a new one: /subscribe
stars-refused-not-owner = This invoice was made for somebody else, and nothing was charged. Yours is here: /subscribe
stars-refused-paid = This invoice is paid already, and nothing was charged again. Until when it lasts: /subscription
stars-refused-expired = This invoice is too old, and nothing was charged. A new one: /subscribe
stars-refused-wrong-amount = The price has changed since this invoice, and nothing was charged. A new one: /subscribe
stars-refused-renews-already = You have a subscription in Stars that renews by itself; a second one would be charged twice. Nothing was charged. When it is charged next: /subscription
stars-returned = We could not match your payment of { $stars } Stars to an invoice of yours, and they have been returned to you. To subscribe: /subscribe
stars-renewal-failed = Telegram could not renew your subscription: there were too few Stars. What you have paid for stays open to its end. To pay again: /subscribe
stars-renewal-missing = Telegram was to renew your subscription on { $day }, but no payment has come. Everything stays open until { $open_until }. To go on, choose a tariff; Telegram's settings show whether there are enough Stars. If Stars were charged all the same: /paysupport
