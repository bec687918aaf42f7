"""Which document to ask for next."""
