"""The mentor's answer into a chat: streaming, views, rendering."""
