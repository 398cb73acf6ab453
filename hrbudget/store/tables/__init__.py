"""The tables: money as 64-bit minor units, a check for each rule a row can break."""

from sqlmodel import SQLModel

from hrbudget.store.tables import budgets, chain, decisions, people

_TABLES = SQLModel.metadata.tables

ENTITY, MEMBER, BUDGET, SOURCE, LINE, TAG, READING = (
    _TABLES[name]
    for name in ("entity", "member", "budget", "source", "line", "tag", "reading")
)
DOCUMENT, PROPOSAL, PROPOSAL_LINE, IN_FORCE, EVIDENCE, FINDING, LOCK = (
    _TABLES[name]
    for name in (
        "document",
        "proposal",
        "proposal_line",
        "in_force",
        "evidence",
        "finding",
        "lock",
    )
)
ACCOUNT, ROLE, TOKEN = (_TABLES[name] for name in ("account", "role", "token"))
EVENT = _TABLES["event"]

__all__ = [
    "ACCOUNT",
    "BUDGET",
    "DOCUMENT",
    "ENTITY",
    "EVENT",
    "EVIDENCE",
    "FINDING",
    "IN_FORCE",
    "LINE",
    "LOCK",
    "MEMBER",
    "PROPOSAL",
    "PROPOSAL_LINE",
    "READING",
    "ROLE",
    "SOURCE",
    "TAG",
    "TOKEN",
    "budgets",
    "chain",
    "decisions",
    "people",
]
