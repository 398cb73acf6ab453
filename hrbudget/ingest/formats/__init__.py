"""One reader for each format; every one gives tables of text cells with their rows."""
