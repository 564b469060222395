### Renewal by a saved card: the page on which it is given, and what the chat says of it.

card-page-title = Mentorium: renewal by card
card-page-heading = Renewal by card
card-page-plan = { $tariff } – { $price }
card-page-next-charge = Next charge: { $day }
card-page-safety = The number of your card goes from this page straight to Payme. Mentorium does not see it and keeps only its last four digits.
card-page-number = Card number
card-page-number-hint = 16 digits, as on the card
card-page-expiry = Valid until
card-page-expiry-hint = Month and year: MM/YY
card-page-consent = I agree that Mentorium charges this card by itself one day before the paid days end: { $price } for { $tariff }, each time anew until I switch it off. Three days before, the chat tells me the sum and the day. I can switch it off at any moment: /subscription in the chat.
card-page-continue = Continue
card-page-code = Code from the text message
card-page-code-hint = Payme has sent it to { $phone }
card-page-confirm = Save the card
card-page-resend = Send the code again
card-page-resend-in = The code can be sent again in { $seconds } s
card-page-other-card = Enter another card
card-page-working = One moment…
card-page-done-heading = The card is saved
card-page-done = Next charge: { $day }, { $price }. You can close this page: all about it is in the chat, under /subscription.
card-page-again = Try again
card-page-powered = Powered by
card-page-offer = Payme's public offer
card-page-noscript = This page needs JavaScript: it sends the card to Payme without showing it to us. Please switch it on, or open the link in another browser.
card-page-over-heading = This link does not work any more
card-page-over = A link opens this page once, within 15 minutes. Nothing has been charged. A new one is in the chat, under /subscription.
card-page-busy-heading = One moment, please
card-page-busy = This page cannot be opened right now. Please follow the link again in a minute; if it has run out by then, a new one is in the chat, under /subscription.
card-page-error-number = Please check the number: it has 16 digits.
card-page-error-expiry = Please check month and year: four digits, such as 05/27.
card-page-error-consent = Without your consent nothing is charged, and there is nothing to save. If you agree, please tick the box; if not, simply close this page.
card-page-error-code = The code has six digits.
card-page-error-card = Payme does not recognise this card. Please check the number and the date.
card-page-error-card-closed = This card cannot be used for it: it is blocked, out of date, or has no text messages. Your bank can switch messages on; another card will do as well.
card-page-error-code-wrong = This is not the code. Please look at the message once more.
card-page-error-code-old = This code is too old. Please ask for a new one.
card-page-error-code-tries = There were too many wrong codes. Please ask for a new one.
card-page-error-sms = Payme could not send the message. Please try again in a minute.
card-page-error-payme = Payme does not answer right now. Nothing has been charged; please try again in a minute.
card-page-error-save = Payme knows the card, but we could not save it just now. Nothing has been charged; please try again.
card-page-error-refused = Payme does not let this card be charged again and again. Please try another one.
card-page-error-no-subscription = There are no paid days to renew right now, or they renew already. Nothing has been saved. All about it: /subscription in the chat.

card-on-button = Renew it by card automatically
card-change-button = Use another card
card-open-button = Open the card page
card-offer = Your subscription ({ $tariff }) can renew by itself, { $price } each time: first on { $day }, one day before the paid days end. Three days before, I will write to you, and you can switch it off at any moment.

    The card is entered on a page that sends it straight to Payme; we keep only its last four digits. The link works once, for 15 minutes.
card-change-offer = Now { $card } is charged. When another card is saved, it takes its place, and Payme forgets the old one.

    The link works once, for 15 minutes.
card-too-many-links = Several links have been made within the hour. Please come back in an hour: /subscription
card-saved = Done: your subscription ({ $tariff }) renews by itself with the card { $card }. Next charge: { $day }, { $price }. Three days before, I will remind you. If it was not you who saved the card, please switch it off:
card-next-charge = Next charge: { $day }, { $price } (card { $card }).
card-in-doubt = A charge of { $price } to the card { $card } is under way. As soon as its end is known, I will write to you; it is made once at most.
card-standing = The card { $card } is saved for renewals; there are no paid days to renew now.
card-is-off-now = Done: nothing more will be charged, and the card { $card } is removed. All you have paid for stays open until { $day }.
card-is-off-now-without-days = Done: nothing more will be charged, and the card { $card } is removed.
card-is-off-in-doubt = Done: the card { $card } is removed, and no charge is begun any more. One of { $price } was under way already: as soon as its end is known, I will write to you. If it was made and you do not want it, we will give it back: /paysupport
