### Payments and subscription: what a parent reads about money.

payment-received = Thank you! Your payment has arrived: { $what }. Full reports and the assistant's answers are open until { $until }. All about it: /subscription
payment-not-made = The payment was not completed, and no money was taken. You can try again, or choose another way of paying.
payment-received-again = Thank you! Your payment has arrived: { $what }. It is not your first one within a day, and each of them counts: everything is open until { $until }. If you paid more than you meant to, we will return what was too much: /paysupport
payment-not-made-in-time = The payment was not completed in its time, so it was closed; no money was taken. You can simply begin again, or choose another way of paying.
payment-not-made-declined = The bank did not let this payment through, and no money was taken. It is often the balance or a limit for online payments. You can try another card or another way of paying.
payment-not-made-stopped = The payment was stopped, and no money was taken. Whenever you like, you can begin again or choose another way of paying.
payment-way-on-button = Choose how to pay
payment-refunded = Your money has been returned, and the days it paid for have ended. To come back: /subscribe
payment-refunded-some-left = Your money has been returned. What else you paid for stays open until { $until }.
invoice-title-monthly = Mentorium, 1 month
invoice-title-quarterly = Mentorium, 3 months
invoice-title-annual = Mentorium, 1 year
invoice-description = Full reports and the assistant's answers for your children.
subscription-renewal-ended-no-child = The automatic renewal of your subscription has been switched off, and nothing will be charged: none of your children on Mentorium is open to you right now. What is paid lasts until { $until }. When a child is linked again, renewal can be chosen anew: /subscribe
