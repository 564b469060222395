"""What belongs to this app alone: showing an answer in a chat while it is being written."""
