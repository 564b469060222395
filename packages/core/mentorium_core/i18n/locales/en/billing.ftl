### Payments and subscription: what a parent reads about money.

payment-received = Thank you! Your payment has arrived, and full reports and the assistant's answers are open until { $until }.
payment-not-made = The payment was not completed, and no money was taken. You can try again, or choose another way: /subscribe
payment-refunded = Your money has been returned, and the access it paid for has ended. To come back: /subscribe
payment-refunded-some-left = Your money has been returned. What else you paid for stays open until { $until }.
invoice-title-monthly = Mentorium, 1 month
invoice-title-quarterly = Mentorium, 3 months
invoice-title-annual = Mentorium, 1 year
invoice-description = Full reports and the assistant's answers for your children.
