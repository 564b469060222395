"""One module a conversation: a factory `router()`, and handlers that call a use case and show its answer.

`mentorium_bot.routers` says in which order they are asked.
"""
