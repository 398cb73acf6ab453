"""The one folder that knows the solver, and the one where money meets floats."""
