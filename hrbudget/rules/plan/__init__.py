"""The action plan: read from its file, and turned into rules of its own."""

from hrbudget.rules.plan.bodies import bodies
from hrbudget.rules.plan.file import PlanFile, of, parse, read

__all__ = ["PlanFile", "bodies", "of", "parse", "read"]
