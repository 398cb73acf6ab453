"""A transaction that reads what an actor may see; refusals go into the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from hrbudget.domain.actor import Actor
from hrbudget.errors import NotAllowed
from hrbudget.store import database, proposals
from hrbudget.store.change import Clock, keep_refusal, refusal
from hrbudget.store.users import entities


@contextmanager
def seeing(
    engine: Engine, actor: Actor, clock: Clock, budget: str = "", proposal: str = ""
) -> Iterator[Connection]:
    """A transaction on a budget or proposal that the actor may see.

    Raises:
        NotAllowed: it is another entity's; the refusal is in the log.
    """
    refused: NotAllowed | None = None
    with database.reading(engine) as connection:
        if proposal:
            entity = proposals.entity_of(connection, proposal)
        else:
            entity = entities.of_budget(connection, budget)
        if not entity or actor.may_see(entity):
            yield connection
            return
        refused = refusal(actor, "see", proposal or budget, entity)
    keep_refusal(engine, actor, clock, refused)
    raise refused
