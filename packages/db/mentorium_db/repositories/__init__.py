"""One small class a table or two. They never commit and never look at the clock: times come as arguments."""
