"""Open data: what a publisher hands on to machines of others, in formats of others."""
