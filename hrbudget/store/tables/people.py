"""Users, the roles they hold, and the tokens they come with."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hrbudget.domain.actor import Role as Roles
from hrbudget.store.tables.checks import one_of


class Account(SQLModel, table=True):
    """A user; a password is kept as an argon2 hash, if there is one.

    ``issuer`` and ``subject`` are of OpenID Connect. A user is never deleted, since the
    log speaks of them: an account is closed.
    """

    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint(
            "(issuer IS NULL) = (subject IS NULL)", name="issuer_with_subject"
        ),
        CheckConstraint("name <> ''", name="named"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    password: str | None = None
    issuer: str | None = None
    subject: str | None = None
    closed: bool = False


class Held(SQLModel, table=True):
    """A role that a user holds for an entity; without one, for all."""

    __tablename__ = "role"
    __table_args__ = (
        one_of("role", tuple(Roles)),
        UniqueConstraint("account_id", "entity_id", "role"),
        Index(
            "ix_role_for_all",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("entity_id IS NULL"),
            postgresql_where=text("entity_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    entity_id: int | None = Field(default=None, foreign_key="entity.id")
    role: str


class Token(SQLModel, table=True):
    """What a script or a session shows instead of a password; only its SHA-256 is kept.

    Times are UTC in ISO 8601, as in the log.
    """

    __table_args__ = (one_of("kind", ("script", "session")),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    sha256: str = Field(max_length=64, unique=True)
    kind: str
    label: str
    made_at: str
    ends_at: str | None = None
    revoked_at: str | None = None
