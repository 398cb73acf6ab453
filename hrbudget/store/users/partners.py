"""Entities and their shared projects, as one actor sees them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from hrbudget.domain.actor import Actor
from hrbudget.store import database
from hrbudget.store.change import Clock, changing
from hrbudget.store.tables import ENTITY, MEMBER
from hrbudget.store.users import entities


@dataclass(frozen=True)
class Partner:
    """An entity, or a project that several take part in.

    Attributes:
        name: of it.
        kind: ``entity`` or ``project``.
        members: names of the entities that take part in a project.
    """

    name: str
    kind: str
    members: tuple[str, ...] = ()


class Partners:
    """The entities and projects of a store; each call is a transaction."""

    def __init__(self, engine: Engine, actor: Actor, clock: Clock) -> None:
        self._engine, self._actor, self._clock = engine, actor, clock

    def listing(self) -> list[Partner]:
        """Those that the actor may see, by name; of a project all who take part."""
        everyone = select(ENTITY.c.id, ENTITY.c.name, ENTITY.c.kind)
        parts = select(MEMBER.c.project_id, MEMBER.c.entity_id)
        with database.reading(self._engine) as connection:
            known = connection.execute(everyone).all()
            taken = connection.execute(parts).all()
        names = {row.id: str(row.name) for row in known}
        found = [
            Partner(
                row.name,
                row.kind,
                tuple(
                    sorted(
                        names[each.entity_id]
                        for each in taken
                        if each.project_id == row.id
                    )
                ),
            )
            for row in known
            if self._actor.may_see(row.name)
        ]
        return sorted(found, key=lambda each: each.name)

    def add(self, name: str) -> None:
        """Add an entity, such as a partner municipality.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: there is one of that name, or none is given.
        """
        with changing(self._engine, self._actor, self._clock) as change:
            entities.add(change, name, (), project=False)

    def add_project(self, name: str, members: tuple[str, ...]) -> None:
        """Add a project; those who take part see its budgets.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: there is one of that name, or none is given.
            NotFound: a member is not there.
        """
        with changing(self._engine, self._actor, self._clock) as change:
            entities.add(change, name, members, project=True)
