### Renewal by a saved card: what a payer reads before a charge, and after one that was not made.

card-renewal-soon = Your subscription is paid until { $until }. On { $day } we will charge { $amount } to your card { $card } for { $what } more, and everything stays open without a break. If you would rather not, one tap is enough; nothing is charged then.
card-renewal-soon-late = Your paid days ended on { $until }. On { $day } we will charge { $amount } to your card { $card } for { $what } more, counted from that day on. If you would rather not, one tap is enough; nothing is charged then.
card-renewal-off-button = Switch renewal off
card-renewal-another-card-button = Use another card
payment-renewed = Your subscription has been renewed: { $what }. Full reports and the assistant's answers are open until { $until }. All about it: /subscription
card-renewal-retry = We could not charge { $amount } to your card { $card }, and no money was taken. It is often the balance or a limit for online payments. We will try again on { $day }; until { $until } everything stays open. You can also pay in another way now.
card-renewal-retry-closed = We could not charge { $amount } to your card { $card }, and no money was taken. Full reports and answers are closed for now. We will try again on { $day }; after that, or if you pay in another way now, everything is open again.
card-renewal-last = We could not charge your card { $card } this time either, and no money was taken. We will not try any more, and the card has been removed. Whenever you like, you can come back: all you had is kept.
card-renewal-untried = Your subscription was to be renewed with your card { $card }, but for a reason on our side it did not come to that in time, and no money was taken. So late we do not charge without asking you: the card has been removed. Whenever you like, you can come back: all you had is kept.
card-renewal-card-dead = The bank does not let your card { $card } pay any more (it may have expired or been replaced), and no money was taken. So renewal is switched off and the card is removed. What is paid stays open until { $until }. You can add another card, or pay in another way.
card-renewal-card-dead-late = The bank does not let your card { $card } pay any more (it may have expired or been replaced), and no money was taken. So renewal is switched off and the card is removed. You can add another card, or pay in another way.
card-renewal-card-dead-over = The bank does not let your card { $card } pay any more (it may have expired or been replaced), and no money was taken. So renewal is switched off and the card is removed. Whenever you like, you can come back and pay in another way: all you had is kept.
card-renewal-not-charged = The charge of { $amount } to your card { $card } was not made, and no money was taken. The card is removed and nothing more will be charged to it. All about your subscription: /subscription
card-renewal-given-back = { $amount } had been charged to your card { $card } after all. We have asked Payme to give all of it back; when it arrives depends on your bank. If it has not in a few days, please write: /paysupport
