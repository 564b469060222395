"""The language model within its budget: reserved before a call, settled after it, cut off while the service is down."""
