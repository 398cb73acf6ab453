"""Any sequence of calls by several people leaves the store as a plain model says.

``HRBUDGET_SEED=7`` tries other sequences than those that every run tries.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)

from hrbudget.store.lines import File
from hrbudget.store.restructure import Recoding
from tests.postgres import workspaces
from tests.store.against_model import AgainstModel
from tests.store.modelled import (
    UNDOABLE,
    Key,
    Line,
    Link,
    Person,
)
from tests.store.townsfolk import (
    BOTH,
    HERE,
    OWNER,
    PEOPLE,
    STATES,
    THERE,
    YEARS,
    ago,
    amounts,
    budget_lines,
    decided,
    keys,
    line_names,
    lines_of,
    one_of,
    open_keys,
    proposal_of,
    readers,
    shares,
    some_back,
    taggers,
    where,
)

START = {name: Line(100, "U1", "0701") for name in ("a", "b")}


class People(AgainstModel):
    """Nine people at work on the budgets of two entities and their project."""

    @initialize()
    def begin(self) -> None:
        years = dict.fromkeys(YEARS, START)
        self.ingest(PEOPLE["bo"], "home", HERE, years)
        self.ingest(PEOPLE["bo"], "joint", BOTH, {2026: START})

    # -- lines

    @rule(
        who=one_of("anna", "bo", "pia"),
        budget=st.sampled_from(list(OWNER)),
        entity=st.sampled_from([None, None, None, HERE, THERE]),
        years=st.dictionaries(st.sampled_from(YEARS), budget_lines, min_size=1),
    )
    def ingest(
        self,
        who: Person,
        budget: str,
        entity: str | None,
        years: dict[int, dict[str, Line]],
    ) -> None:
        owner = entity or OWNER[budget]
        predicted = self.model.ingest(who, budget, owner, years)
        file, lines = File("0" * 64, "columns: {}\n", "ours"), lines_of(years)
        store = self.acting(who)
        self.came_to(predicted, lambda: store.add_lines(budget, lines, file, owner))

    @rule(who=one_of("bo", "anna"), key=keys)
    def remove(self, who: Person, key: Key) -> None:
        predicted = self.model.remove(who, key)
        self.came_to(predicted, lambda: self.acting(who).remove(where(key), "wrong"))

    @rule(
        who=one_of("bo"),
        key=keys,
        column=st.sampled_from(["administrative_unit"] * 5 + ["function", "currency"]),
        old=st.sampled_from(["U1", "U1", "U1", "U2", "U3", "0701"]),
        new=st.sampled_from(["U2", "U3", None]),
    )
    def restructure(
        self, who: Person, key: Key, column: str, old: str, new: str | None
    ) -> None:
        predicted = self.model.recode(who, key, column, (old, new))
        coding, store = Recoding(column, old, new), self.acting(who)
        self.came_to(predicted, lambda: store.recode(where(key), coding, "reform"))

    # -- tags and readings

    @rule(
        who=taggers,
        key=keys | open_keys,
        line=line_names,
        found=shares,
        state=st.sampled_from(["proposed"] * 5 + ["read", "approved"]),
        changes=ago,
    )
    def tag(
        self,
        who: Person,
        key: Key,
        line: str,
        found: dict[str, int],
        state: str,
        changes: int,
    ) -> None:
        links = frozenset(Link(*each, None, state) for each in found.items())
        self.save(who, key, "tags", self.earlier(key, "tags", changes), {line: links})

    @rule(
        key=open_keys,
        one=taggers,
        other=taggers,
        lines=st.sampled_from(["ab", "aa", "ba"]),
        share=st.integers(1, 9),
    )
    def merge(
        self, key: Key, one: Person, other: Person, lines: str, share: int
    ) -> None:
        """Two people who have seen the same change two lines, or the same line."""
        seen = self.earlier(key, "tags", 0)
        for who, line in zip((one, other), lines, strict=True):
            fresh = Link("water", share, None, "proposed")
            links = frozenset({*seen.get(line, ()), fresh})
            self.save(who, key, "tags", seen, {line: links})
            share += 1

    @rule(
        who=one_of("cia", "cia", "dan", "anna", "per"),
        key=keys,
        state=st.sampled_from(STATES),
        some=st.sets(st.sampled_from(["a", "b", "c"]), min_size=1),
        changes=ago,
    )
    def advance(
        self, who: Person, key: Key, state: str, some: set[str], changes: int
    ) -> None:
        seen = self.earlier(key, "tags", changes)
        moved = {
            line: frozenset(
                Link(link.right, link.share, link.author, state) for link in links
            )
            for line, links in seen.items()
            if line in some
        }
        self.save(who, key, "tags", seen, moved)

    @rule(key=keys, line=line_names, found=shares, until=st.sampled_from([2, 2, 3]))
    def approve(self, key: Key, line: str, found: dict[str, int], until: int) -> None:
        """A line is tagged; all is read, approved and maybe locked by who should."""
        self.tag(PEOPLE["bo"], key, line, found, "proposed", 0)
        steps = (("cia", "read"), ("dan", "approved"), ("dan", "locked"))
        for name, state in steps[:until]:
            self.advance(PEOPLE[name], key, state, {"a", "b", "c"}, 0)

    @rule(who=readers, key=keys, line=line_names, found=shares, changes=ago)
    def second_read(
        self, who: Person, key: Key, line: str, found: dict[str, int], changes: int
    ) -> None:
        seen = self.earlier(key, "readings", changes)
        mine = {Link(*each, who.name, "proposed") for each in found.items()}
        others = {each for each in seen.get(line, ()) if each.author != who.name}
        self.save(who, key, "readings", seen, {line: frozenset(mine | others)})

    # -- proposals, locks, and the log

    @rule(
        who=one_of("eva", "pia"),
        key=keys,
        name=st.sampled_from(["cut", "cut", "grow", "partner"]),
        amount=amounts,
    )
    def propose(self, who: Person, key: Key, name: str, amount: int) -> None:
        part = self.model.parts.get(key)
        given = dict.fromkeys(part.lines if part and amount else (), amount)
        predicted = self.model.propose(who, key, name, given)
        made = proposal_of(key, name, given)
        self.came_to(predicted, lambda: self.acting(who).save_proposal(made))

    @rule(
        who=one_of("dan", "anna"), key=decided, kind=st.sampled_from(["budget", "tags"])
    )
    def lock(self, who: Person, key: Key, kind: str) -> None:
        predicted = self.model.lock(who, key, kind)
        store = self.acting(who)
        self.came_to(predicted, lambda: store.lock(where(key), kind, "council"))
        self.hold()

    @rule(who=one_of("dan", "anna"), name=st.sampled_from(["cut", "grow", "partner"]))
    def lock_proposal(self, who: Person, name: str) -> None:
        predicted = self.model.lock_proposal(who, name)
        self.came_to(predicted, lambda: self.acting(who).lock_proposal(name, "council"))
        self.hold()

    @rule(
        who=st.sampled_from([PEOPLE["anna"], PEOPLE["per"]]),
        key=keys,
        line=line_names,
        found=shares,
        state=st.sampled_from(["read", "approved"]),
    )
    def advance_own(
        self, who: Person, key: Key, line: str, found: dict[str, int], state: str
    ) -> None:
        """Somebody who may do both tags a line and approves that."""
        self.tag(who, key, line, found, "proposed", 0)
        self.advance(who, key, state, {line}, 0)

    @rule(
        key=decided,
        kind=st.sampled_from(["", "budget", "tags", "cut"]),
        amount=amounts,
    )
    def decide(self, key: Key, kind: str, amount: int) -> None:
        """Something is locked, and all try to change it, as their work lets them."""
        if kind == "cut":
            self.propose(PEOPLE["eva"], key, kind, amount)
            self.lock_proposal(PEOPLE["dan"], kind)
        elif kind:
            self.lock(PEOPLE["dan"], key, kind)
        if key not in self.model.locked():
            return
        self.tag(PEOPLE["bo"], key, "a", {"health": 1}, "proposed", 0)
        self.advance(PEOPLE["dan"], key, "proposed", {"a", "b", "c"}, 0)
        self.second_read(PEOPLE["cia"], key, "b", {"health": abs(amount)}, 0)
        for unit in ("U1", "U2", "U3"):
            self.restructure(PEOPLE["bo"], key, "administrative_unit", unit, None)
        for name in sorted(self.model.proposals):
            self.propose(PEOPLE["eva"], key, name, amount)
        self.remove(PEOPLE["bo"], key)
        for back in range(3):
            self.undo(PEOPLE["bo"], back, any_kind=False)

    @rule(
        key=open_keys,
        what=st.sampled_from(["tag", "read", "recode", "ingest"]),
        then=st.sampled_from(["", "the same", "tag", "read", "anew"]),
        who=one_of("bo", "cia"),
        share=st.integers(1, 9),
    )
    def regret(self, key: Key, what: str, then: str, who: Person, share: int) -> None:
        """Somebody takes back what was done, whatever has come after it."""
        if key not in self.model.parts:
            return
        lines = {key[1]: dict(self.model.parts[key].lines)}
        owner = self.model.owners[key[0]]

        def do(step: str, times: int) -> None:
            if step == "tag":
                found = {"health": share + times}
                self.tag(PEOPLE["bo"], key, "a", found, "proposed", 0)
            elif step == "read":
                self.second_read(PEOPLE["cia"], key, "a", {"health": share + times}, 0)
            elif step == "recode":
                codes = ("U1", "U2", "U3", "U1")[times:]
                coded = self.restructure
                coded(PEOPLE["bo"], key, "administrative_unit", codes[0], codes[1])
            elif step:
                self.remove(PEOPLE["bo"], key)
                self.ingest(PEOPLE["bo"], key[0], owner, lines)

        do(what, 0)
        number = len(self.model.log)
        do({"the same": what, "anew": "ingest"}.get(then, then), 1)
        predicted = self.model.undo(who, number)
        self.came_to(predicted, lambda: self.acting(who).undo(number, "by mistake"))

    @rule(who=one_of("bo"), back=some_back, any_kind=st.booleans())
    def undo(self, who: Person, back: int, *, any_kind: bool) -> None:
        log = self.model.log
        some = [
            number
            for number, event in enumerate(log, 1)
            if any_kind or who.may(UNDOABLE.get(event.kind, ()), event.entity)
        ]
        number = ([0, *some, len(log) + 1])[-2 - min(back, len(some))]
        predicted = self.model.undo(who, number)
        self.came_to(predicted, lambda: self.acting(who).undo(number, "by mistake"))

    @rule(who=one_of("pia", "aud"), key=keys)
    def look(self, who: Person, key: Key) -> None:
        predicted = self.model.look(who, key[0])
        self.came_to(predicted, lambda: self.acting(who).lines(where(key)))
        kept = {name for name, owner in self.model.owners.items() if who.may_see(owner)}
        assert {each.budget for each in self.acting(who).slices()} == kept


def test_any_sequence_by_several_people_is_as_the_model_says() -> None:
    stated = os.environ.get("HRBUDGET_SEED")
    if stated is not None:
        seed(int(stated))(People)
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=8 if workspaces.ON_POSTGRESQL else 30,
            stateful_step_count=40,
            derandomize=stated is None,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


BEFORE, NOW, AFTER = (("home", year) for year in YEARS)
JOINT, PARTNER = ("joint", 2026), ("partner", 2026)
ANNA, BO, DAN, EVA, PIA = (PEOPLE[name] for name in ["anna", "bo", "dan", "eva", "pia"])


def tagging(town: People) -> Iterator[object]:
    """Two at the same lines, what was seen long ago, and tags of one's own."""
    for other in (ANNA, PEOPLE["per"]):
        for lines in ("ab", "aa", "ba"):
            yield town.merge(BEFORE, BO, other, lines, 1)
    for changes in range(3):
        yield town.tag(BO, BEFORE, "a", {"health": changes}, "proposed", changes)
    yield town.tag(BO, BEFORE, "x", {"health": 1}, "proposed", 0)
    for who in (ANNA, PEOPLE["per"]):
        for state in ("read", "approved"):
            yield town.advance_own(who, BEFORE, "b", {"health": 7}, state)
    yield town.approve(BEFORE, "a", {"health": 9}, 2)
    for who in (BO, ANNA, DAN):
        yield town.undo(who, 0, any_kind=False)


def regretting(town: People) -> Iterator[object]:
    """All is taken back, by everybody and whatever has come since."""
    for what in ("tag", "read", "recode", "ingest"):
        who = PEOPLE["cia"] if what == "read" else BO
        some = [("", each) for each in PEOPLE.values()]
        later = [(then, who) for then in ("the same", "tag", "read", "anew")]
        for then, each in later + some:
            if what == "tag":
                yield town.tag(BO, AFTER, "a", {"health": 2}, "proposed", 0)
            yield town.regret(AFTER, what, then, each, 3)
            if AFTER not in town.model.parts:
                yield town.ingest(BO, AFTER[0], None, {AFTER[1]: START})


def trying(town: People) -> Iterator[object]:
    """Everybody tries everything, on what nobody has locked."""
    for who in PEOPLE.values():
        for key in (BEFORE, JOINT):
            for old, new in (("U1", "U2"), ("U2", "U1")):
                yield town.restructure(who, key, "administrative_unit", old, new)
            yield town.second_read(who, key, "b", {"health": 4}, 0)
            yield town.advance(who, key, "proposed", {"a", "b"}, 0)
            yield town.propose(who, key, "grow", 1)
        yield town.remove(who, AFTER)
        yield town.ingest(who, AFTER[0], None, {AFTER[1]: START})
        yield town.look(who, JOINT)
        yield town.look(who, BEFORE)


def deciding(town: People) -> Iterator[object]:
    """Proposals of all, and locks of all kinds that all try to pass."""
    yield town.ingest(PIA, "partner", None, {2026: {"a": Line(7, "U1", None)}})
    for name in ("cut", "cut", "home", "partner"):
        yield town.propose(EVA, BEFORE, name, 3)
        yield town.propose(PIA, PARTNER, name, 3)
    yield town.remove(BO, BEFORE)
    yield town.tag(BO, BEFORE, "a", {"health": 6}, "proposed", 0)
    yield town.lock(DAN, BEFORE, "tags")
    for who in PEOPLE.values():
        yield town.lock_proposal(who, "cut" if who is not DAN else "none")
    yield town.approve(NOW, "a", {"health": 5}, 3)
    yield town.decide(NOW, "", 2)
    yield town.approve(JOINT, "a", {"health": 5}, 2)
    for key, kind in ((JOINT, "tags"), (BEFORE, "cut"), (AFTER, "budget")):
        yield town.decide(key, kind, 2)


def test_each_kind_of_work_is_as_the_model_says() -> None:
    town = People()
    try:
        town.begin()
        for _ in chain(tagging(town), regretting(town), trying(town), deciding(town)):
            town.check()
    finally:
        town.teardown()
