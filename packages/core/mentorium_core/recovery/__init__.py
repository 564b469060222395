"""What the world did between a backup and its restore: it is not done again, and who was erased is erased again."""
