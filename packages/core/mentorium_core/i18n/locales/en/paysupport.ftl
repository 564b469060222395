### /paysupport: what a parent reads, and what the staff does.

paysupport-which = Help with payments. Which payment is it about?
paysupport-order = { $day } · { $price } · { $provider }
paysupport-order-but = { $order } · { $status }
paysupport-other = Something else
paysupport-reason-order = Order { $order }.
paysupport-reason = Write in one message what happened and what you would like us to do: it goes straight to our team. Please never send card numbers or codes from text messages: we do not need them.
paysupport-contact = You can also reach us at { $contact }.
paysupport-leave = Never mind
paysupport-left = All right. If you need help with a payment: /paysupport
paysupport-sent = Thank you, your request No. { $number } is with our team. We will write to you here in Telegram. Your money is not lost: what was paid is either open to you or given back.
paysupport-cut = Your message was longer than { $most } characters, so our team has its beginning. You can send the rest as another request: /paysupport
paysupport-enough = Your requests of today are with our team already, and we are working on them. Please wait for our answer.
staff-request = Help with a payment: request No. { $number }, { $day }
staff-request-from = From parent { $id }, writes in: { $speaks }
staff-request-order = Order { $order }: { $price }, { $status }
staff-request-charge = Transaction { $charge }
staff-order-pending = not paid
staff-order-paid = paid
staff-order-refunded = given back
staff-order-cancelled = cancelled
