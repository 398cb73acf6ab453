"""What an answer rests on: prices, what binds, weights that keep it."""
