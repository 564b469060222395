"""The Telegram bot: translates a parent's messages and buttons into calls of core, and the answers back."""
