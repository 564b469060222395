### Payments by Click: what a parent reads, and what stands on the fiscal receipt.

payment-twice = This order had been paid already, and the money was taken a second time. We are sending the second payment back; nothing for you to do.
payment-twice-returned = The payment that was taken twice has been returned to you. What you bought stays open.
click-receipt-item = Mentorium, subscription for { $days } days, pcs
