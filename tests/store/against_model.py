"""A machine whose every call is held against the model, and the store after it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import func, select

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed, NotFound
from hrbudget.store import database
from hrbudget.store.change import changing
from hrbudget.store.store import Store
from hrbudget.store.tables import EVENT
from hrbudget.store.users import entities
from tests.postgres import workspaces
from tests.store.modelled import Key, Line, Links, Logged, Model, Outcome, Part, Person
from tests.store.townsfolk import (
    BOTH,
    HERE,
    filled,
    frame,
    links,
    setters,
    ticks,
    where,
)


class AgainstModel(RuleBasedStateMachine):
    """A store and the model of it; after each step they are the same."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(workspaces.let_go())
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        url = workspaces.address(folder)
        if not workspaces.ON_POSTGRESQL:
            shutil.copyfile(workspaces.prepared_file(), folder / "x.sqlite")
        self.store = Store.open(url, folder, clock=ticks())
        self.stack.callback(self.store.close)
        self.engine = database.connect(url, folder)
        self.stack.callback(self.engine.dispose)
        for name in (HERE, BOTH):  # the third one comes with its first budget
            members = (HERE,) if name == BOTH else ()
            with changing(self.engine, Actor("root"), ticks()) as change:
                entities.add(change, name, members, project=bool(members))
        self.steps = 0
        self.model = Model()
        for event in self.store.events():
            self.model.log.append(Logged(event.kind, event.entity))
        self.seen: dict[tuple[Key, str], list[Links]] = {}
        self.held: dict[Key, tuple[int, int]] = {}
        self.same: dict[Key, str] = {}

    def acting(self, who: Person) -> Store:
        roles = frozenset(Grant(Role(role), entity) for role, entity in who.roles)
        return self.store.as_actor(Actor(who.name, roles, who.sees))

    def came_to(self, predicted: Outcome, call: Callable[[], object]) -> None:
        """The call comes to what the model says."""
        found: Outcome = "done"
        try:
            call()
        except NotAllowed:
            found = "not allowed"
        except (CallRefused, NotFound):
            found = "refused"
        assert found == predicted
        for key, part in self.model.parts.items():
            for what in ("tags", "readings"):
                states = self.seen.setdefault((key, what), [{}])
                if states[-1] != getattr(part, what):
                    states.append(dict(getattr(part, what)))

    def earlier(self, key: Key, what: str, changes: int) -> Links:
        states = self.seen.get((key, what), [{}])
        return states[max(0, len(states) - 1 - changes)]

    def save(
        self, who: Person, key: Key, what: str, seen: Links, changed: Links
    ) -> None:
        store = self.acting(who)
        call = store.set_tags if what == "tags" else store.set_readings
        after = frame({**seen, **changed})
        predicted = self.model.save(who, key, what, seen, changed)
        self.came_to(predicted, lambda: call(where(key), after, frame(seen)))

    def hold(self) -> None:
        """Keep what was locked, as the store has it, apart from the model."""
        for key in {key for _, key, _ in self.model.locks} - self.held.keys():
            amounts = self.store.lines(where(key))["amount"].to_list()
            self.held[key] = (len(amounts), sum(amounts))

    # -- after each step

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        model = self.model
        there = {(each.budget, each.fiscal_year) for each in self.store.slices()}
        assert there == model.parts.keys()
        for key, part in model.parts.items():
            # What no call was about is looked at now and then.
            if self.steps % 5 == 0 or told(part) != self.same.get(key):
                self.is_same(key, part)
                self.same[key] = told(part)
            assert set(self.store.locks(where(key))) == model.kinds(key)
        assert self.store.proposal_names() == sorted(model.proposals)
        for name, (key, amounts) in model.proposals.items():
            stored = self.store.proposal(name)
            found = dict(stored.lines.select("line_id", "amount").rows())
            assert (stored.where, found) == (where(key), amounts)

    def is_same(self, key: Key, part: Part) -> None:
        names = ("line_id", "amount", "administrative_unit", "function")
        rows = self.store.lines(where(key)).select(names).rows()
        assert {name: Line(*rest) for name, *rest in rows} == part.lines
        assert links(self.store.tags(where(key))) == filled(part.tags)
        assert links(self.store.readings(where(key))) == filled(part.readings)
        assert setters(self.engine, key) == {
            (line, link.right, link.set_by)
            for line, some in part.tags.items()
            for link in some
        }

    @invariant()
    def locked_totals_never_move(self) -> None:
        assert {key: self.model.total(key) for key in self.held} == self.held

    @invariant()
    def the_log_has_all_of_it_and_the_refusals(self) -> None:
        query = select(func.count(), func.max(EVENT.c.id))
        last = select(EVENT.c.kind, EVENT.c.entity).order_by(EVENT.c.id.desc()).limit(2)
        with database.reading(self.engine) as connection:
            size = len(self.model.log)
            assert tuple(connection.execute(query).one()) == (size, size)
            said = [tuple(row) for row in connection.execute(last)][::-1]
        assert said == [(each.kind, each.entity) for each in self.model.log[-2:]]

    @invariant()
    def nothing_is_at_fault(self) -> None:
        self.steps += 1
        if self.steps % 5 == 0:
            assert self.store.verify().faults == ()

    def check(self) -> None:
        """All that holds after a step; Hypothesis asks it by itself."""
        self.same.clear()
        self.the_store_is_as_the_model_says()
        self.locked_totals_never_move()
        self.the_log_has_all_of_it_and_the_refusals()
        self.nothing_is_at_fault()

    def teardown(self) -> None:
        with self.stack:
            self.steps = 0
            self.the_store_is_as_the_model_says()
            assert self.store.verify().faults == ()


def told(part: Part) -> str:
    """All of a part in one text, with who has set what."""
    some = [
        sorted(map(repr, ((line, link) for line in all_of for link in all_of[line])))
        for all_of in (part.tags, part.readings)
    ]
    return repr((sorted(map(repr, part.lines.items())), some))
