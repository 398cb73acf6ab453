"""Stage 5: a what-if and its requirements become a proposal."""
