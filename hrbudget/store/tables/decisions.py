"""What was decided on budgets: documents in force, proposals, findings and locks."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hrbudget.store.tables.checks import money_range, one_of

#: What people write by hand, and the store keeps every version of.
DOCUMENTS = (
    "mapping",
    "pack",
    "override",
    "plan",
    "scenario",
    "facts",
    "setting",
)

#: What a lock holds: lines; lines and tags; lines, tags and a proposal on them.
LOCKS = ("budget", "tags", "proposal")


class Document(SQLModel, table=True):
    """One version of a text that people write, such as a plan; it never changes."""

    __table_args__ = (
        one_of("kind", DOCUMENTS),
        UniqueConstraint("kind", "name", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    sha256: str = Field(max_length=64)
    content: str = Field(sa_type=Text)


class Proposal(SQLModel, table=True):
    """An answer of the optimizer: the scenario it answers and what it came to."""

    __table_args__ = (one_of("status", ("optimal", "infeasible")),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    budget_id: int = Field(foreign_key="budget.id")
    fiscal_year: int
    phase: str
    scenario: str = Field(sa_type=Text)
    status: str
    result: str = Field(sa_type=Text)


class ProposalLine(SQLModel, table=True):
    """The amount of one line in a proposal; ``because`` is a JSON list of rule ids."""

    __tablename__ = "proposal_line"
    __table_args__ = (money_range("start"), money_range("amount"))

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    line: int = Field(foreign_key="line.id", primary_key=True)
    start: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)
    because: str = Field(sa_type=Text)


class InForce(SQLModel, table=True):
    """A document that a proposal was made under."""

    __tablename__ = "in_force"

    proposal_id: int = Field(foreign_key="proposal.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True)


class Evidence(SQLModel, table=True):
    """What proves a proposal, such as its certificate; compressed by zlib."""

    __table_args__ = (UniqueConstraint("proposal_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id")
    name: str
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)


class Finding(SQLModel, table=True):
    """What a check found that somebody kept; ``run`` is the event that kept it."""

    __table_args__ = (UniqueConstraint("run", "rule", "scope"),)

    id: int | None = Field(default=None, primary_key=True)
    run: int = Field(foreign_key="event.id", sa_type=BigInteger)
    budget_id: int = Field(foreign_key="budget.id")
    fiscal_year: int
    phase: str
    rule: str
    scope: str
    verdict: str
    body: str = Field(sa_type=Text)


class Lock(SQLModel, table=True):
    """A year and phase that never changes again; of several years, a lock for each.

    ``lines`` and ``total`` are what it held when it was locked, in minor units; a total
    is text, since a million lines may come to more than 64 bits hold.
    """

    __table_args__ = (
        one_of("kind", LOCKS),
        CheckConstraint(
            "(kind = 'proposal') = (proposal_id IS NOT NULL)", name="proposal_named"
        ),
        UniqueConstraint("budget_id", "fiscal_year", "phase", "kind", "proposal_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    budget_id: int = Field(foreign_key="budget.id")
    fiscal_year: int
    phase: str
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id")
    lines: int
    total: str
