"""The command line: one file per command, no rule and no sum in it."""
