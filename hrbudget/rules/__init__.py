"""Stage 3: facts in YAML become linear requirements over the lines."""
