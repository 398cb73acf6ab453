"""The fewest limits that must give way, found through the conflicts they take part in.

A set of limits is enough if and only if it has a member of every conflict. So the two
are found in turn: the smallest set that has a member of each conflict known so far, and
where that is not enough, a conflict that it has no member of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

#: Sets looked at before giving up: only where hundreds of limits collide in many ways.
_MOST_TRIED = 100_000

Names = frozenset[str]


class TooMany(Exception):
    """More sets than can be looked at."""


def smallest(
    conflicts: Iterable[Names], known: Iterable[Names], order: Sequence[str]
) -> Names | None:
    """The smallest set with a member of each conflict that holds no known set.

    Args:
        conflicts: none of them empty.
        known: sets that are known to be enough, and are not sought again.
        order: all names; of several sets, one of early names is preferred.

    Returns:
        The set; None: there is no such set.

    Raises:
        TooMany: there are too many to look at.
    """
    place = {name: number for number, name in enumerate(order)}
    ordered = sorted(sorted(each, key=place.__getitem__) for each in conflicts)
    ordered.sort(key=len)
    search = _Search(ordered, list(known))
    for size in range(1, len(order) + 1):
        for found in search.sets(frozenset(), size):
            return found
    return None


class _Search:
    """Sets with a member of each conflict, as far as there is time for it."""

    def __init__(self, conflicts: list[list[str]], known: list[Names]) -> None:
        self._conflicts, self._known = conflicts, known
        self._left = _MOST_TRIED

    def sets(self, chosen: Names, size: int) -> Iterator[Names]:
        """Those of so many members at most that have all of the chosen."""
        self._left -= 1
        if self._left < 0:
            raise TooMany
        if any(each <= chosen for each in self._known):
            return
        missed = next(
            (each for each in self._conflicts if chosen.isdisjoint(each)), None
        )
        if missed is None:
            yield chosen
        elif len(chosen) < size:
            for name in missed:
                yield from self.sets(chosen | {name}, size)


def enough(
    conflict: Callable[[Names], Names | None],
    order: Sequence[str],
    tries: int,
    sets: int,
) -> list[Names]:
    """Sets of limits that are enough, in rising size; none of them holds another.

    The first has the fewest members that any has.

    Args:
        conflict: limits of a conflict that has no member among those given, or None:
            they are enough.
        order: all limits, those first that are most likely to be enough.
        tries: how often ``conflict`` may be asked.
        sets: how many are sought.
    """
    conflicts: set[Names] = set()
    found: list[Names] = []
    chosen: Names = frozenset()
    for _ in range(tries):
        missed = conflict(chosen)
        if missed is None:
            found.append(chosen)
        else:
            conflicts.add(missed)
        if len(found) == sets:
            break
        try:
            following = smallest(conflicts, found, order)
        except TooMany:
            break
        if following is None:
            break
        chosen = following
    return found
