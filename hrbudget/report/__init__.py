"""Stage 7: findings and comparisons become documents people can read."""
