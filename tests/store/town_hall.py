"""Two towns and a project with a budget each, and every call that a store takes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.domain.actor import Action, Grant, Role
from hrbudget.store.backups.archive import Writer
from hrbudget.store.chain.listing import Asked
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces
from tests.store.lived import tag, tags
from tests.store.office import SECRET, Clock

TOWN = Slice("theirs", 2026, "approved")
BRIDGE = Slice("bridge", 2026, "approved")
PLAN = Document("plan", "plan.yaml", "entity: Exempelby\n")
LINES = read_lines("line_id,amount,function\na,1.50,100\nb,2,110\n")

_MOVES: dict[str, Any] = {
    "line_id": pl.String,
    "start": pl.Int64,
    "amount": pl.Int64,
    "because": pl.List(pl.String),
}


class Hall:
    """A store with a user for each role, and one who may ingest, tag and approve.

    Attributes:
        open: as whoever has the files sees it.
        tagged: the tags of the town, which nobody has read yet.
        tokens: a token of each user, by name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.url = workspaces.address(folder)
        self.open = Store.open(self.url, folder, entity="Exempelby", clock=self.clock)
        for name in ("Exempelby", "Grannby"):
            self.open.partners.add(name)
        self.open.partners.add_project("Bron", ("Exempelby", "Grannby"))
        for budget, entity in (
            ("theirs", "Exempelby"),
            ("school", "Grannby"),
            ("bridge", "Bron"),
        ):
            self.open.add_lines(budget, LINES, File("0" * 64), entity)
        self.nothing = self.open.tags(TOWN)
        self.tagged = tags(self.nothing, tag("a"))
        self.open.users.add("root", SECRET)
        self.tokens = {"root": self.open.users.issue_token("root", "a test")}
        # Tags are somebody's who has another role besides.
        both = (Grant(Role.FINANCE_OFFICER), Grant(Role.APPROVER))
        tagger = self.add("tagger", *both, Grant(Role.SECOND_READER))
        tagger.set_tags(TOWN, self.tagged, self.nothing)
        self.open.save_proposal(proposal("cut"))
        self.open.keep_findings(KeptFindings(TOWN, "2026-01-01", ("p",), []))

    def add(self, name: str, *grants: Grant) -> Store:
        """A new user's view of the store."""
        users = self.open.users
        users.add(name, SECRET)
        for grant in grants:
            users.grant(name, grant)
        self.tokens[name] = users.issue_token(name, "a test")
        return self.as_user(name)

    def as_user(self, name: str) -> Store:
        """The store as a user's script sees it."""
        return self.open.as_actor(self.open.users.actor_of(self.tokens[name]))

    def first(self, kind: str) -> int:
        """Number of the first event of a kind."""
        return next(each.id for each in self.open.events() if each.kind == kind)

    def number(self, name: str) -> int:
        """Number of a user's token."""
        listed = {each.name: each.tokens for each in self.open.users.listing()}
        return listed[name][0].number


def proposal(name: str) -> StoredProposal:
    """A proposal on the town."""
    rows = [("a", 150, 100, ["icescr.x"])]
    moves = pl.DataFrame(rows, schema=_MOVES, orient="row")
    said = {"status": "optimal"}
    return StoredProposal(
        name, TOWN, "title: Less\n", said, moves, evidence={"x": b"y"}
    )


@dataclass(frozen=True)
class Call:
    """A changing call, and what doing it is."""

    action: Action
    make: Callable[[Store, Hall], object]


def _state(state: str, **fields: object) -> Callable[[Store, Hall], object]:
    def make(store: Store, hall: Hall) -> None:
        wanted = tags(hall.nothing, tag("a", state=state, **fields))
        store.set_tags(TOWN, wanted, hall.tagged)

    return make


#: Every call of the store that changes something, on the town of Exempelby.
CHANGING = {
    "add_lines": Call(
        Action.INGEST,
        lambda store, _: store.add_lines(
            "theirs",
            LINES.with_columns(fiscal_year=pl.lit(2027, pl.Int32)),
            File("1" * 64),
            "Exempelby",
        ),
    ),
    "add_lines of a new budget": Call(
        Action.INGEST,
        lambda store, _: store.add_lines("new", LINES, File("1" * 64), "Exempelby"),
    ),
    "remove": Call(Action.INGEST, lambda store, _: store.remove(TOWN)),
    "recode": Call(
        Action.INGEST,
        lambda store, _: store.recode(TOWN, Recoding("function", "100", "101")),
    ),
    "set_tags": Call(Action.TAG, _state("proposed", share=1)),
    "set_tags that are read": Call(Action.READ, _state("read")),
    "set_tags that are approved": Call(Action.APPROVE, _state("approved")),
    "set_readings": Call(
        Action.READ,
        lambda store, hall: store.set_readings(TOWN, hall.tagged, hall.nothing),
    ),
    "save_proposal": Call(
        Action.PLAN, lambda store, _: store.save_proposal(proposal("less"))
    ),
    "lock": Call(Action.LOCK, lambda store, _: store.lock(TOWN, "budget", "why")),
    "lock_proposal": Call(
        Action.LOCK, lambda store, _: store.lock_proposal("cut", "why")
    ),
    "record": Call(
        Action.PLAN, lambda store, _: store.record([PLAN], "Exempelby", "why")
    ),
    "require": Call(
        Action.PLAN, lambda store, _: store.require(Action.PLAN, "x", "Exempelby")
    ),
    "keep_findings": Call(
        Action.PLAN,
        lambda store, _: store.keep_findings(KeptFindings(TOWN, "2026-01-01", (), [])),
    ),
    "undo": Call(
        Action.TAG, lambda store, hall: store.undo(hall.first("tag.changed"), "why")
    ),
    "back_up": Call(
        Action.ADMINISTER, lambda store, _: store.back_up(Writer(io.BytesIO()))
    ),
}

#: Every call that changes users; what is asked of whoever makes it is the same.
OF_USERS: dict[str, Callable[[Store, Hall], object]] = {
    "add": lambda store, _: store.users.add("new", SECRET),
    "set_password": lambda store, _: store.users.set_password("tagger", SECRET),
    "link": lambda store, _: store.users.link("tagger", "https://id", "1"),
    "close": lambda store, _: store.users.close("tagger"),
    "grant": lambda store, _: store.users.grant("tagger", Grant(Role.PLANNER)),
    "revoke": lambda store, _: store.users.revoke("tagger", Grant(Role.APPROVER)),
    "issue_token": lambda store, _: store.users.issue_token("tagger", "x"),
    "revoke_token": lambda store, hall: store.users.revoke_token(hall.number("tagger")),
}
OF_PARTNERS: dict[str, Callable[[Store, Hall], object]] = {
    "add": lambda store, _: store.partners.add("Tredjeby"),
    "add_project": lambda store, _: store.partners.add_project("Vägen", ("Grannby",)),
}

#: Every call that reads one thing, of Exempelby.
READING: dict[str, Callable[[Store, Hall], object]] = {
    "kept": lambda store, _: store.kept(TOWN),
    "lines": lambda store, _: store.lines(TOWN),
    "tags": lambda store, _: store.tags(TOWN),
    "readings": lambda store, _: store.readings(TOWN),
    "proposal": lambda store, _: store.proposal("cut"),
    "evidence": lambda store, _: store.evidence("cut"),
    "locks": lambda store, _: store.locks(TOWN),
    "kept_findings": lambda store, _: store.kept_findings(TOWN),
    "event": lambda store, hall: store.event(hall.first("budget.ingested")),
}

#: Every call that lists what the actor may see.
LISTING: dict[str, Callable[[Store, Hall], object]] = {
    "slices": lambda store, _: store.slices(),
    "proposal_names": lambda store, _: store.proposal_names(),
    "events": lambda store, _: store.events(),
    "extract": lambda store, _: store.extract(),
    "listed": lambda store, _: store.listed(Asked()),
    "head": lambda store, _: store.head(),
    "verify": lambda store, _: store.verify(),
}

#: What hands out something else, or asks for a secret itself.
NEITHER = {
    "Store": {"open", "as_actor", "users", "partners", "close"},
    "Users": {
        "are_kept",
        "listing",
        "actor_of",
        "sign_in",
        "sign_in_linked",
        "sign_out",
        "log_refused",
        "refused_nobody",
    },
    "Partners": {"listing"},
}
