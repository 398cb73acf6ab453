"""Rows that databases of each released version hold: at least one in every table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, MetaData, Table

from hrbudget.domain.event import NOTHING

_LINE = {
    "budget_id": 1,
    "fiscal_year": 2026,
    "phase": "approved",
    "direction": "expenditure",
    "currency": "SEK",
    "extra": '{"Ansvar": "007"}',
}
_LINK = {
    "groups": "women;children",
    "effect": "supports",
    "basis": "manual",
    "evidence": "page 3",
    "author": "Åsa",
}

#: Revision → rows (table, cells) that it is the first to have room for.
ROWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "0001": [
        ("budget", {"id": 1, "name": "town", "currency": "SEK"}),
        (
            "source",
            {
                "id": 1,
                "budget_id": 1,
                "file": "x.csv",
                "sha256": "a" * 64,
                "mapping": "columns: {amount: Belopp}\n",
            },
        ),
        (
            "source",
            {
                "id": 2,
                "budget_id": 1,
                "file": "y.csv",
                "sha256": "b" * 64,
                "mapping": "",
            },
        ),
        (
            "line",
            {
                **_LINE,
                "id": 1,
                "source_id": 1,
                "line_id": "0200",
                "amount": 10**15 - 1,
                "amount_min": -5,
                "movable": True,
                "description": "Skolmåltider 🍎",
                "file_row": 2,
            },
        ),
        (
            "line",
            {
                **_LINE,
                "id": 2,
                "source_id": 2,
                "line_id": "b",
                "amount": 0,
                "movable": False,
                "file_row": 3,
            },
        ),
        (
            "tag",
            {
                **_LINK,
                "id": 1,
                "line": 1,
                "right": "education",
                "share": 350_000,
                "share_low": 1,
                "share_high": 1_000_000,
                "state": "read",
            },
        ),
        (
            "tag",
            {**_LINK, "id": 2, "line": 2, "share": 0, "state": "locked"},
        ),
        (
            "proposal",
            {
                "id": 1,
                "name": "cut",
                "budget_id": 1,
                "fiscal_year": 2026,
                "phase": "approved",
                "scenario": "title: A cut\n",
                "status": "optimal",
                "result": "{}",
            },
        ),
        (
            "proposal_line",
            {"proposal_id": 1, "line": 1, "start": 5, "amount": -5, "because": "a\nb"},
        ),
    ],
    "0002": [
        (
            "tag",
            {
                **_LINK,
                "id": 3,
                "line": 1,
                "right": "health",
                "share": 1,
                "state": "proposed",
                "criterion": "food",
            },
        ),
        (
            "reading",
            {
                **_LINK,
                "id": 1,
                "line": 1,
                "right": "health",
                "share": 2,
                "state": "read",
                "criterion": "food",
            },
        ),
    ],
    "0003": [
        ("entity", {"id": 7, "name": "Rundu", "kind": "entity"}),
        ("entity", {"id": 8, "name": "Together", "kind": "project"}),
        ("member", {"project_id": 8, "entity_id": 7}),
        (
            "budget",
            {"id": 7, "name": "rundu", "currency": "NAD", "entity_id": 7},
        ),
        (
            "document",
            {
                "id": 7,
                "kind": "plan",
                "name": "plan.yaml",
                "sha256": "c" * 64,
                "content": "id: plan\n",
            },
        ),
        (
            "event",
            {
                "id": 1,
                "at": "2026-01-02T03:04:05Z",
                "actor": "Åsa",
                "entity": "Rundu",
                "kind": "ingest",
                "subject": "rundu",
                "old": "",
                "new": "{}",
                "reason": "",
                "digests": "{}",
                "previous": NOTHING,
                "hash": "d" * 64,
            },
        ),
        ("account", {"id": 1, "name": "asa", "closed": False, "password": "hash"}),
        ("role", {"id": 1, "account_id": 1, "entity_id": 7, "role": "planner"}),
        (
            "token",
            {
                "id": 1,
                "account_id": 1,
                "sha256": "e" * 64,
                "kind": "script",
                "label": "nightly",
                "made_at": "2026-01-02T03:04:05Z",
            },
        ),
        ("in_force", {"proposal_id": 1, "document_id": 7}),
        (
            "evidence",
            {
                "id": 1,
                "proposal_id": 1,
                "name": "certificate.json",
                "sha256": "f" * 64,
                "content": b"\x00{}",
            },
        ),
        (
            "finding",
            {
                "id": 1,
                "run": 1,
                "budget_id": 1,
                "fiscal_year": 2026,
                "phase": "approved",
                "rule": "icescr.health.minimum_core",
                "scope": "",
                "verdict": "met",
                "body": "{}",
            },
        ),
        (
            "lock",
            {
                "id": 1,
                "kind": "proposal",
                "budget_id": 1,
                "fiscal_year": 2026,
                "phase": "approved",
                "proposal_id": 1,
                "lines": 2,
                "total": "9999999999999.99",
            },
        ),
    ],
}


def fill(engine: Engine, revision: str) -> None:
    """Put in what a revision is the first to have room for."""
    with engine.begin() as connection:
        for name, row in ROWS[revision]:
            table = Table(name, MetaData(), autoload_with=connection)
            connection.execute(table.insert().values(row))
