"""The inbox: updates stored before they are confirmed, claimed by whoever lives, set aside, requeued, forgotten."""
