"""Findings that somebody kept, so that next year's can be held against them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from hrbudget.domain.actor import Action
from hrbudget.store import documents, hold, slices
from hrbudget.store.chain import digests, log
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.documents import Document
from hrbudget.store.rows import Slice, picks
from hrbudget.store.tables import BUDGET, EVENT, FINDING


@dataclass(frozen=True)
class KeptFindings:
    """What a check found.

    Attributes:
        where: what was checked.
        on: the day whose values were in force, ISO 8601.
        packs: names of the packs.
        findings: each as the published JSON has it.
        under: the texts that it was found under.
        run: number of the event that kept it; 0: it is not kept yet.
    """

    where: Slice
    on: str
    packs: tuple[str, ...]
    findings: Sequence[dict[str, Any]]
    under: Sequence[Document] = ()
    run: int = 0


def keep(change: Change, kept: KeptFindings, reason: str) -> int:
    """Keep findings; the number of the event that tells of it.

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor is no planner of the budget's entity.
    """
    connection, where = change.connection, kept.where
    hold.budgets(connection, where.budget)
    entity = slices.owner(connection, where, change.actor)
    change.require(Action.PLAN, str(where), entity)
    if kept.under:
        documents.record(change, kept.under, entity)
    hold.log(connection)
    last = log.head(connection)
    run = 1 if last is None else last.id + 1
    rows = [_row(each) for each in kept.findings]
    said = {"on": kept.on, "packs": kept.packs, "findings": len(rows)}
    change.log(
        Entry(
            "findings.kept",
            str(where),
            entity,
            new=json.dumps(said, ensure_ascii=False),
            reason=reason,
            digests=dict([digests.of_findings(run, where, rows)]) if rows else {},
        )
    )
    budgets = select(BUDGET.c.id).where(BUDGET.c.name == where.budget)
    head = {
        "run": run,
        "budget_id": connection.execute(budgets).scalar_one(),
        "fiscal_year": where.fiscal_year,
        "phase": where.phase,
    }
    names = ("rule", "scope", "verdict", "body")
    stored = [{**head, **dict(zip(names, each, strict=True))} for each in rows]
    if stored:
        connection.execute(insert(FINDING), stored)
    return run


def load(connection: Connection, where: Slice) -> list[KeptFindings]:
    """What checks of a slice found that was kept, the oldest first."""
    query = (
        select(FINDING.c.run, FINDING.c.body, EVENT.c.new)
        .join_from(FINDING, EVENT)
        .join(BUDGET, BUDGET.c.id == FINDING.c.budget_id)
        .where(*picks(FINDING, where))
        .order_by(FINDING.c.id)
    )
    runs: dict[int, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    for run, body, new in connection.execute(query):
        runs.setdefault(run, (json.loads(new), []))[1].append(json.loads(body))
    return [
        KeptFindings(where, said["on"], tuple(said["packs"]), found, run=run)
        for run, (said, found) in runs.items()
    ]


def _row(finding: dict[str, Any]) -> tuple[str, str, str, str]:
    body = json.dumps(finding, sort_keys=True, ensure_ascii=False)
    return finding["rule"], finding["scope"], finding["verdict"], body
