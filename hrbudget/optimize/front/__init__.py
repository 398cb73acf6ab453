"""The dilemma between two or three objectives: the exact Pareto front."""
