"""What belongs to this app alone: the queue of answers, the steps of registration, news for a family, active users."""
