"""What happens around every handler, from outside in: idempotency, log context, errors, the person, access.

`mentorium_bot.dispatcher` joins them.
"""
