"""What the database itself refuses, whoever asks: said once, for both databases.

A guard is a condition on a row. A change of a row that meets it, before or after the
change, is refused; so the log only grows and what is locked stays, also where somebody
writes SQL by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from hrbudget.domain.event import NOTHING

#: What our messages begin with, so that they are told from the database's own.
SIGN = "hrbudget: "

ALL = ("insert", "update", "delete")
CHANGE = ("update", "delete")


@dataclass(frozen=True)
class Guard:
    """A condition under which a row may not be changed.

    Attributes:
        table: whose rows.
        operations: of ``insert``, ``update`` and ``delete``.
        condition: SQL about ``{row}``.
        message: what is said.
        name: tells guards of one table apart.
    """

    table: str
    operations: tuple[str, ...]
    condition: str
    message: str
    name: str = "guard"


_LINE_IN_LOCK = (
    "lock.budget_id = {0}.budget_id AND lock.fiscal_year = {0}.fiscal_year "
    "AND lock.phase = {0}.phase"
)
_TAGS_LOCKED = (
    "EXISTS (SELECT 1 FROM line JOIN lock ON "
    + _LINE_IN_LOCK.format("line")
    + " WHERE line.id = {row}.line AND lock.kind IN ('tags', 'proposal'))"
)
_PROPOSAL_LOCKED = "EXISTS (SELECT 1 FROM lock WHERE lock.proposal_id = {row}.%s)"
_OF_LOCKED_LINES = (
    "EXISTS (SELECT 1 FROM line JOIN lock ON "
    + _LINE_IN_LOCK.format("line")
    + " WHERE line.source_id = {row}.id)"
)

_LINES = "these lines are locked and never change"
_TAGS = "these tags are locked and never change"
_PROPOSAL = "this proposal is locked and never changes"
_GROWS = "the log only grows"

_NOT_NEXT = (
    "{row}.id <> coalesce((SELECT max(event.id) FROM event), 0) + 1 OR "
    "{row}.previous <> coalesce((SELECT event.hash FROM event ORDER BY event.id DESC "
    f"LIMIT 1), '{NOTHING}')"
)

GUARDS = (
    Guard("event", CHANGE, "1 = 1", _GROWS),
    Guard("event", ("insert",), _NOT_NEXT, "an event follows the last one", "next"),
    Guard("lock", CHANGE, "1 = 1", "a lock is never taken off"),
    Guard("document", CHANGE, "1 = 1", "a version of a document never changes"),
    Guard("finding", CHANGE, "1 = 1", "findings that were kept never change"),
    Guard("account", ("delete",), "1 = 1", "a user is closed, never deleted"),
    Guard(
        "line",
        ALL,
        "EXISTS (SELECT 1 FROM lock WHERE " + _LINE_IN_LOCK.format("{row}") + ")",
        _LINES,
    ),
    Guard(
        "line",
        CHANGE,
        "EXISTS (SELECT 1 FROM tag WHERE tag.line = {row}.id AND tag.state = 'locked')",
        "the tags of these lines are locked, so the lines never change",
        "tagged",
    ),
    Guard("tag", ALL, _TAGS_LOCKED, _TAGS),
    Guard("tag", CHANGE, "{row}.state = 'locked'", _TAGS, "state"),
    Guard("reading", ALL, _TAGS_LOCKED, _TAGS),
    Guard(
        "budget",
        CHANGE,
        "EXISTS (SELECT 1 FROM lock WHERE lock.budget_id = {row}.id)",
        "this budget is locked and never changes",
    ),
    Guard("source", CHANGE, _OF_LOCKED_LINES, _LINES),
    Guard(
        "entity",
        CHANGE,
        "EXISTS (SELECT 1 FROM budget JOIN lock ON lock.budget_id = budget.id "
        "WHERE budget.entity_id = {row}.id)",
        "this entity has locked budgets and keeps its name",
    ),
    Guard("proposal", CHANGE, _PROPOSAL_LOCKED % "id", _PROPOSAL),
    Guard("proposal_line", ALL, _PROPOSAL_LOCKED % "proposal_id", _PROPOSAL),
    Guard("evidence", ALL, _PROPOSAL_LOCKED % "proposal_id", _PROPOSAL),
    Guard("in_force", ALL, _PROPOSAL_LOCKED % "proposal_id", _PROPOSAL),
)

#: Guards of a state ask about the row as it was; one may be set to ``locked``.
BEFORE_ONLY = ("state",)
