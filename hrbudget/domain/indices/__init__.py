"""Published indices as exact arithmetic: inequality, outturn, achievement."""
