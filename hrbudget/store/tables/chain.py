"""The log: events that only grow, each chained to the one before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlmodel import Field, SQLModel


class Logged(SQLModel, table=True):
    """One event (``domain.event`` says what its fields mean)."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_kind_subject", "kind", "subject"),)

    id: int = Field(
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
    )
    at: str
    actor: str
    entity: str
    kind: str
    subject: str = Field(sa_type=Text)
    old: str = Field(sa_type=Text)
    new: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    digests: str = Field(sa_type=Text)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)
