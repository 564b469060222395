### What Payme shows to whoever is paying, and what stands on a fiscal receipt.

receipt-item = Mentorium, subscription for { $days } days
payment-receipt = The fiscal receipt of your payment: { $url }
payme-order-unknown = Order not found
payme-order-paid = Order is already paid
payme-order-busy = Payment for this order is in progress
payme-order-closed = Order is cancelled or expired. Please open a new one in the bot: /subscribe
payme-order-elsewhere = This order is paid in another way
payme-wrong-amount = Incorrect amount
payme-no-transaction = Transaction not found
payme-delivered = Cannot cancel: service was delivered
payme-impossible = Unable to perform the operation
payme-not-authorised = Insufficient privileges to perform the method
payme-system-error = System error
payme-unknown-method = Method not found
payme-invalid-request = Invalid request
payme-invalid-json = JSON parse error
payme-not-post = HTTP method is not POST
payme-no-receipt = Receipt not found
payme-invalid-params = Invalid parameters
