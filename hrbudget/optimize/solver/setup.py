"""How exactly the solver works, and how its numbers become exact again."""

from __future__ import annotations

from fractions import Fraction

TOLERANCES = {
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "random_seed": 0,
}


def exact(number: float | None) -> Fraction:
    """The number itself, a sum of powers of two; none is nothing."""
    return Fraction(number) if number else Fraction(0)
