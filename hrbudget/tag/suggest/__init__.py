"""Suggestions: rights and groups that the texts of lines speak of, never applied."""
