"""Parts that several kinds of reports are built of."""
