"""Whose budgets there are, their lines, and the links from lines to rights."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.store.tables.checks import money_range, one_of


class Entity(SQLModel, table=True):
    """A municipality, region or partnership, or a project that several share."""

    __table_args__ = (one_of("kind", ("entity", "project")),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str


class Member(SQLModel, table=True):
    """An entity that takes part in a project, and therefore sees its budgets."""

    project_id: int = Field(foreign_key="entity.id", primary_key=True)
    entity_id: int = Field(foreign_key="entity.id", primary_key=True)


class Budget(SQLModel, table=True):
    """A named set of lines in one currency."""

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id")
    name: str = Field(unique=True)
    currency: str = Field(max_length=3)


class Source(SQLModel, table=True):
    """A file that was ingested, with its hash and the mapping it was read by."""

    id: int | None = Field(default=None, primary_key=True)
    budget_id: int = Field(foreign_key="budget.id", index=True)
    file: str
    sha256: str = Field(max_length=64)
    mapping_id: int | None = Field(default=None, foreign_key="document.id")


class Line(SQLModel, table=True):
    """One row of a budget; ``extra`` holds what else its file had, as JSON."""

    __table_args__ = (
        UniqueConstraint("budget_id", "fiscal_year", "phase", "line_id"),
        one_of("phase", columns.PHASES),
        one_of("direction", columns.DIRECTIONS),
        money_range("amount"),
        CheckConstraint("amount_min <= amount_max", name="bounds_ordered"),
    )

    id: int | None = Field(default=None, primary_key=True)
    budget_id: int = Field(foreign_key="budget.id", index=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    line_id: str
    fiscal_year: int
    phase: str
    direction: str
    entity: str | None = None
    administrative_unit: str | None = None
    district: str | None = None
    function: str | None = None
    function_scheme: str | None = None
    economic_class: str | None = None
    cost_category: str | None = None
    programme: str | None = None
    project: str | None = None
    fund: str | None = None
    party: str | None = None
    description: str | None = Field(default=None, sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    amount_min: int | None = Field(default=None, sa_type=BigInteger)
    amount_max: int | None = Field(default=None, sa_type=BigInteger)
    movable: bool | None = None
    sheet: str | None = None
    file_row: int
    extra: str = Field(sa_type=Text)


def _link_checks() -> tuple[CheckConstraint, ...]:
    """What holds for every link from a line to a right."""
    return (
        CheckConstraint(f"share >= 0 AND share <= {money.WHOLE}", name="share_range"),
        CheckConstraint("share_low >= 0 AND share_low <= share", name="low_ordered"),
        CheckConstraint(
            f"share_high >= share AND share_high <= {money.WHOLE}", name="high_ordered"
        ),
        one_of("effect", columns.EFFECTS),
        one_of("basis", columns.BASES),
        one_of("state", columns.STATES),
    )


class Link(SQLModel):
    """A link from a line to a right, with a share in millionths.

    ``author`` is who the link says it is from, as in a file; ``set_by`` is who stored
    it: whoever has set a tag does not approve it.
    """

    id: int | None = Field(default=None, primary_key=True)
    line: int = Field(foreign_key="line.id", index=True)
    right: str | None = None
    groups: str
    share: int
    share_low: int | None = None
    share_high: int | None = None
    effect: str
    basis: str
    objective: str | None = None
    evidence: str | None = Field(default=None, sa_type=Text)
    author: str | None = None
    state: str
    criterion: str | None = None
    set_by: str | None = None


class Tag(Link, table=True):
    """A tag of the budget."""

    __table_args__ = _link_checks()


class Reading(Link, table=True):
    """What a second person found on a line, without having seen its tags.

    ``author`` is the reader; a reading never counts in a total. The tags of the first
    reader are kept here too, with the state ``read``, when a dispute is settled.
    """

    __table_args__ = (
        CheckConstraint("author IS NOT NULL", name="reader_named"),
        *_link_checks(),
    )
