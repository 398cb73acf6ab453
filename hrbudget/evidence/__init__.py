"""Evidence: a report's grounds as a sealed pack that anybody can verify."""
