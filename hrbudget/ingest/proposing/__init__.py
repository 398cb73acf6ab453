"""A mapping proposed for a file nobody has mapped, with the reason of each guess."""
