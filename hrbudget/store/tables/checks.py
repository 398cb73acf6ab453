"""Checks that several tables state."""

from __future__ import annotations

from sqlalchemy import CheckConstraint

from hrbudget import money


def one_of(name: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def money_range(name: str) -> CheckConstraint:
    """A column holds money that a spreadsheet's fifteen digits can hold too."""
    most = money.MAX_MINOR
    rule = f"{name} > -{most} AND {name} < {most}"
    return CheckConstraint(rule, name=f"{name}_in_range")
