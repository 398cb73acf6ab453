"""Names for columns whose own name is missing or taken."""

from __future__ import annotations

from collections.abc import Collection


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the name with a number behind it: the first that nobody has."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def of_headers(cells: list[str], taken: Collection[str]) -> list[str]:
    """A name for each header; one without text is called by its position."""
    names = {*cells, *taken}
    made = []
    for position, cell in enumerate(cells, start=1):
        name = cell or free(f"column_{position}", names)
        names.add(name)
        made.append(name)
    return made
