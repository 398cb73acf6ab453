"""Stage 1: files become lines; what is wrong with them becomes data issues."""
