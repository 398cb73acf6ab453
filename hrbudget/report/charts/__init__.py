"""Charts: each a picture, the sentences that state what it finds, and its table."""
