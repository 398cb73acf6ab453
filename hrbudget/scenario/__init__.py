"""Stage 5a: a planner's what-if is read from its file and applied to a budget."""
