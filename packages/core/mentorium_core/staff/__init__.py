"""What the team hears of in its own chat: parents in despair, what was set aside, money that does not add up."""
