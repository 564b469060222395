"""The worker: notices what is due, does the jobs, sends the messages."""
