"""Who acts, in which role, for whom: the duties that are kept apart.

Whoever writes a tag does not approve it; whoever manages users neither tags nor
approves; an auditor reads all and changes nothing. (Separation of incompatible duties:
INTOSAI GOV 9100, section 2.3.)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is for an entity, or for all of them."""

    FINANCE_OFFICER = "finance_officer"
    SECOND_READER = "second_reader"
    PLANNER = "planner"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What a call does to the store; every changing call is one of these."""

    INGEST = "ingest"
    TAG = "tag"
    READ = "second-read"
    PLAN = "plan"
    APPROVE = "approve"
    LOCK = "lock"
    ADMINISTER = "administer"


#: Who may do what; nobody else may.
MAY = {
    Action.INGEST: {Role.FINANCE_OFFICER},
    Action.TAG: {Role.FINANCE_OFFICER},
    Action.READ: {Role.SECOND_READER},
    Action.PLAN: {Role.PLANNER},
    Action.APPROVE: {Role.APPROVER},
    Action.LOCK: {Role.APPROVER},
    Action.ADMINISTER: {Role.ADMINISTRATOR},
}

#: Roles that one person never holds together with any other.
ALONE = (Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Grant:
    """A role, for one entity or project by its name, or for all (None)."""

    role: Role
    entity: str | None = None


@dataclass(frozen=True)
class Actor:
    """Whoever makes a call.

    Attributes:
        name: as it stands in the log.
        grants: roles; None where no users are kept, so that whoever has the files may
            do everything, as with any file of one's own.
        sees: names of the entities and projects whose budgets may be read; None: all.
        is_script: whether a script's token vouches for them, which makes no others.
    """

    name: str
    grants: frozenset[Grant] | None = None
    sees: frozenset[str] | None = None
    is_script: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody vouches for the name: users are kept, and this is one."""
        return self.grants is not None

    def may(self, action: Action, entity: str | None) -> bool:
        """Whether the actor may do this for an entity; None: for the whole store."""
        if self.grants is None:
            return True
        return any(
            grant.role in MAY[action] and grant.entity in (None, entity)
            for grant in self.grants
        )

    def may_see(self, entity: str) -> bool:
        """Whether budgets of an entity or project are shown to the actor."""
        return self.sees is None or entity in self.sees
