"""Shares in per cent that add up to exactly 100: the largest remainders are rounded up.

A reader of IATI adds the percentages up and refuses what is not 100, so a share cannot
be rounded by itself. Every share is rounded down to a hundredth of a per cent, and what
is missing goes, a hundredth each, to those that lost most by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

#: Hundredths of a per cent in the whole.
WHOLE = 10_000


def percentages(parts: Mapping[str, Fraction | int]) -> dict[str, str]:
    """Each part's share of all, as decimal text in per cent; in the order of names.

    What is too small for a hundredth of a per cent is left out, as is what is not above
    zero: a correction takes away from no sector.

    Args:
        parts: name → money; at least one part above zero.

    Raises:
        ValueError: no part is above zero.
    """
    above = {name: Fraction(part) for name, part in sorted(parts.items()) if part > 0}
    whole = sum(above.values())
    if not whole:
        message = "no part is above zero"
        raise ValueError(message)
    exact = {name: part * WHOLE / whole for name, part in above.items()}
    floors = {name: int(share) for name, share in exact.items()}
    missing = WHOLE - sum(floors.values())
    # Sorted is stable: of equal remainders the first by name gets its hundredth.
    lost = sorted(exact, key=lambda name: floors[name] - exact[name])
    rounded_up = set(lost[:missing])
    hundredths = {name: floors[name] + (name in rounded_up) for name in exact}
    return {name: text(each) for name, each in hundredths.items() if each}


def text(hundredths: int) -> str:
    """Hundredths of a per cent as decimal text in per cent: 3333 is ``33.33``."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)
