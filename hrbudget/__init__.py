"""Human rights budgeting: ingest, tag, check, optimize, compare, report."""

__version__ = "0.5.0"
