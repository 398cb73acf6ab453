"""When nothing works: a set of rules that cannot all hold, with nothing to spare.

It starts from the rules of a proof that all of them are impossible: those with a price
where as little as can be is lacking. Then each is left out in turn, and stays out when
the rest is still impossible (a deletion filter). What remains is irreducible:
without any one of its members the others can hold, but for rounding to whole units. The
lines' bounds are given, and there may be other sets.

Of several sets, the one is sought that says most to a planner. Where the immediate
rules collide by themselves, limits are left out, since none of them would help. What
the planner set is left out first: the limits of the scenario can be changed with a
stroke, and a conflict that stands without them is the deeper one. Then go the fiscal
rules, so that a donor's clause and a right stay side by side where they collide. Each
such kind is left out as a whole, if it can be, before the proof is sought.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import MOVED_TOTAL, Conflict
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize import certificate
from hrbudget.optimize.conflict.elastic import ONE, PRICE
from hrbudget.optimize.linear import load
from hrbudget.optimize.model import Model, used
from hrbudget.optimize.program import Found
from hrbudget.optimize.solver.session import Session

#: Rules by name, each with the numbers of its rows: as its tags stand, at their worst.
Members = Mapping[str, Sequence[int]]


def _members(model: Model) -> Members:
    """Rules that must hold, each with its rows; the limit on moves comes last."""
    rows: dict[str, list[int]] = {}
    for number, row in enumerate(model.rows):
        if row.level is None:
            rows.setdefault(row.id, []).append(number)
    if model.move_limit is not None:
        rows[MOVED_TOTAL] = [len(model.rows)]
    return rows


def find(session: Session, model: Model, what_if: WhatIf) -> tuple[Conflict, ...]:
    """An irreducible set of rules that collide, each with what it asks.

    Rights and donors' clauses come first, what the scenario itself asks last. The
    session is left with other numbers than the model's.

    Args:
        session: holds a model of this shape.
        model: with the rows of forbidden lines; what must hold in it is impossible.
        what_if: what it was made of.
    """
    rules = Rules(session, model)
    ranks = _ranks(model, what_if)
    among = _among(rules, ranks, _immediate(model))
    kept = _irreducible(rules, sorted(among, key=ranks.__getitem__))
    # Sorting is stable, so members of a rank stay in the order of the rules.
    shown = sorted(
        (name for name in rules.members if name in kept), key=lambda name: -ranks[name]
    )
    told = _Told(model, what_if, alone=len(kept) == 1)
    return tuple(told.member(name, *rules.lacking(name, kept)) for name in shown)


def _immediate(model: Model) -> frozenset[str]:
    own = {MOVED_TOTAL} if model.move_must else set()
    return frozenset(
        {row.id for row in model.rows if row.rule.effect == "immediate"} | own
    )


def _ranks(model: Model, what_if: WhatIf) -> dict[str, int]:
    """Which rules are left out first where there is a choice."""
    own = {each.id for each in what_if.asks}
    ranks = {MOVED_TOTAL: 0}
    for row in model.rows:
        immediate = row.rule.effect == "immediate"
        if row.id in own:
            ranks[row.id] = 2 if immediate else 0
        elif row.rule.obligation == "fiscal_limit":
            ranks[row.id] = 3 if immediate else 1
        else:
            ranks[row.id] = 5 if immediate else 4
    return ranks


class Rules:
    """What must hold, some of it left out, in a session that stays warm.

    Attributes:
        members: the rules, in the order of their rows.
    """

    def __init__(self, session: Session, model: Model) -> None:
        """Put a model's numbers into a session of its shape."""
        self._session, self._model = session, model
        self.members = _members(model)
        self._held = set(self.members)
        load(session, model)

    def possible(self, names: Collection[str]) -> bool:
        """Whether these can hold together."""
        self._hold(names)
        return self._session.minimize().feasible

    def proof(self, names: Collection[str]) -> list[str]:
        """Those of some impossible rules that a proof of it needs."""
        self._hold(names)
        numbers = [number for name in names for number in self.members[name]]
        found = self._least(numbers)
        return [
            name
            for name in names
            if any(abs(found.prices[number]) > PRICE for number in self.members[name])
        ]

    def lacking(self, name: str, names: Collection[str]) -> tuple[int, Found]:
        """Number of the member's row that lacks most, where all others hold."""
        self._hold(names)
        numbers = self.members[name]
        found = self._least(numbers)
        return max(numbers, key=lambda number: found.lacking[number]), found

    def _least(self, numbers: Sequence[int]) -> Found:
        """What is lacking of some rows, as little as can be, where others hold."""
        for number in numbers:
            self._session.lack(number, open_=True)
        found = self._session.minimize(dict.fromkeys(numbers, ONE))
        for number in numbers:
            self._session.lack(number, open_=False)
        return found

    def _hold(self, names: Collection[str]) -> None:
        """Leave all others out."""
        wanted = set(names)
        for name in self.members:
            if name in self._held and name not in wanted:
                for number in self.members[name]:
                    self._session.leave_out(number)
            elif name in wanted and name not in self._held:
                for number in self.members[name]:
                    self._session.right(number, self._right(number))
        self._held = wanted

    def _right(self, number: int) -> Fraction:
        limit = self._model.move_limit
        if number == len(self._model.rows) and limit is not None:
            return limit
        return -self._model.rows[number].gap(self._model.origin)


def _among(
    rules: Rules, ranks: Mapping[str, int], immediate: frozenset[str]
) -> list[str]:
    """Rules that are impossible together, few of them."""
    among = list(rules.members)
    must = [name for name in among if name in immediate]
    if not rules.possible(must):
        among = must
    for rank in sorted({ranks[name] for name in among}):
        without = [name for name in among if ranks[name] != rank]
        if not rules.possible(without):
            among = without
    few = rules.proof(among)
    return among if rules.possible(few) else few


def _irreducible(rules: Rules, among: Sequence[str]) -> frozenset[str]:
    """Names of which no one can be spared; they are impossible together."""
    kept = list(among)
    for name in among:
        trial = [each for each in kept if each != name]
        if not rules.possible(trial):
            kept = trial
    return frozenset(kept)


def proven(session: Session, model: Model, what_if: WhatIf) -> tuple[Conflict, ...]:
    """Rules that collide by less than the solver can tell; none: they do not.

    Each step is a proof in exact arithmetic, so none of them can be spared either.
    """
    rows = _members(model)
    if certificate.infeasible(session, model, what_if) is None:
        return ()
    out: list[int] = []
    for numbers in rows.values():
        trial = [*out, *numbers]
        if certificate.infeasible(session, model, what_if, trial) is not None:
            out = trial
    rules = {row.id: row.rule for row in model.rows}
    return tuple(
        Conflict(name, None, rules.get(name))
        for name, numbers in rows.items()
        if not set(numbers) & set(out)
    )


def notes(conflict: Sequence[Conflict]) -> tuple[Phrase, ...]:
    """What is to be known of a conflict beside its members."""
    other = Phrase(
        N_(
            "This is one set of rules that collide, with none to spare; "
            "there may be others."
        )
    )
    if any(each.rule is None or each.rule.effect == "limit" for each in conflict):
        return (other,)
    alone = Phrase(
        N_(
            "Rules that must hold collide by themselves within the lines' bounds: none "
            "of them may give way, and no other rule that does would help."
        )
    )
    return other, alone


class _Told:
    """Members of a conflict, with what they ask and what can be reached."""

    def __init__(self, model: Model, what_if: WhatIf, *, alone: bool) -> None:
        self._model, self._what_if, self._alone = model, what_if, alone

    def member(self, name: str, number: int, found: Found) -> Conflict:
        if name == MOVED_TOTAL:
            return Conflict(name, self._moves(found))
        row = self._model.rows[number]
        reached = self._at(row.measure, found)
        required = row.bound
        if row.of is not None:
            required += row.factor * self._at(row.of, found)
        values = {"required": _minor(required), "reached": _minor(reached)}
        return Conflict(name, Phrase(_ASKS[row.sense, self._alone], values), row.rule)

    def _moves(self, found: Found) -> Phrase:
        moved = found.totals[self._model.shape.totals] + used(self._model.grid)
        limit = Fraction(self._what_if.moved_total or 0)
        values = {"required": limit, "reached": _minor(moved / 2)}
        return Phrase(_MOVES[self._alone], values)

    def _at(self, total: int, found: Found) -> Fraction:
        return Fraction(self._model.origin[total], 10**6) + found.totals[total]


def _minor(amount: Fraction) -> Fraction:
    """An amount of the solver's to the minor unit."""
    return Fraction(round(amount))


_MOVES = {
    False: N_(
        "At most {required} may be moved between lines; with the others held, at least "
        "{reached} must be."
    ),
    True: N_(
        "At most {required} may be moved between lines; the lines' bounds require at "
        "least {reached}."
    ),
}

_ASKS = {
    ("at_least", False): N_(
        "Asks for at least {required}; with the others held, at most {reached} can be "
        "reached."
    ),
    ("at_most", False): N_(
        "Allows at most {required}; with the others held, at least {reached} is needed."
    ),
    ("equal", False): N_(
        "Asks for exactly {required}; with the others held, {reached} is the nearest "
        "that can be reached."
    ),
    ("at_least", True): N_(
        "Asks for at least {required}; the lines' bounds allow at most {reached}."
    ),
    ("at_most", True): N_(
        "Allows at most {required}; the lines' bounds require at least {reached}."
    ),
    ("equal", True): N_(
        "Asks for exactly {required}; the nearest that the lines' bounds allow is "
        "{reached}."
    ),
}
