"""Stage 2: lines are linked to rights and groups by exact shares."""
