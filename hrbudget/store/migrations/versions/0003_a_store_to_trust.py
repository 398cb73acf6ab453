"""Entities, users, documents, locks and the log; who set a tag."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_entities()
    _create_documents()
    _create_log()
    _create_people()
    _create_decisions()
    for name in ("tag", "reading"):
        op.add_column(name, sa.Column("set_by", sa.String(), nullable=True))
    _give_budgets_to_an_entity()
    _keep_mappings_as_documents()


def _create_entities() -> None:
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('entity', 'project')", name="kind_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["entity.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"]),
        sa.PrimaryKeyConstraint("project_id", "entity_id"),
    )


def _create_documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('mapping', 'pack', 'override', 'plan', 'scenario', 'facts', 'setting')",
            name="kind_known",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "name", "sha256"),
    )


def _create_log() -> None:
    op.create_table(
        "event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_event_kind_subject", "event", ["kind", "subject"], unique=False)


def _create_people() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint(
            "(issuer IS NULL) = (subject IS NULL)", name="issuer_with_subject"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('finance_officer', 'second_reader', 'planner', 'approver', 'auditor', 'administrator')",
            name="role_known",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "entity_id", "role"),
    )
    op.create_index(op.f("ix_role_account_id"), "role", ["account_id"], unique=False)
    op.create_index(
        "ix_role_for_all",
        "role",
        ["account_id", "role"],
        unique=True,
        sqlite_where=sa.text("entity_id IS NULL"),
        postgresql_where=sa.text("entity_id IS NULL"),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("ends_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('script', 'session')", name="kind_known"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index(op.f("ix_token_account_id"), "token", ["account_id"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "in_force",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("proposal_id", "document_id"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proposal_id", "name"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["event.id"]),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run", "rule", "scope"),
    )
    op.create_table(
        "lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('budget', 'tags', 'proposal')", name="kind_known"),
        sa.CheckConstraint(
            "(kind = 'proposal') = (proposal_id IS NOT NULL)", name="proposal_named"
        ),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("budget_id", "fiscal_year", "phase", "kind", "proposal_id"),
    )


def _give_budgets_to_an_entity() -> None:
    """The workspace had one entity and the database did not name it; opening it does."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM budget LIMIT 1")).first():
        connection.execute(
            sa.text("INSERT INTO entity (name, kind) VALUES ('', 'entity')")
        )
    op.add_column("budget", sa.Column("entity_id", sa.Integer(), nullable=True))
    connection.execute(
        sa.text("UPDATE budget SET entity_id = (SELECT id FROM entity WHERE name = '')")
    )
    with op.batch_alter_table("budget") as budget:
        budget.alter_column("entity_id", existing_type=sa.Integer(), nullable=False)
        budget.create_foreign_key(
            "budget_entity_id_fkey", "entity", ["entity_id"], ["id"]
        )


def _keep_mappings_as_documents() -> None:
    op.add_column("source", sa.Column("mapping_id", sa.Integer(), nullable=True))
    connection = op.get_bind()
    texts = connection.execute(
        sa.text("SELECT DISTINCT mapping FROM source WHERE mapping <> ''")
    )
    for content in sorted(texts.scalars()):
        digest = hashlib.sha256(content.encode()).hexdigest()
        connection.execute(
            sa.text(
                "INSERT INTO document (kind, name, sha256, content) "
                "VALUES ('mapping', '', :digest, :content)"
            ),
            {"digest": digest, "content": content},
        )
    connection.execute(
        sa.text(
            "UPDATE source SET mapping_id = (SELECT document.id FROM document "
            "WHERE document.kind = 'mapping' AND document.content = source.mapping)"
        )
    )
    with op.batch_alter_table("source") as source:
        source.create_foreign_key(
            "source_mapping_id_fkey", "document", ["mapping_id"], ["id"]
        )
        source.drop_column("mapping")


def downgrade() -> None:
    with op.batch_alter_table("source") as source:
        source.add_column(
            sa.Column("mapping", sa.Text(), nullable=False, server_default="")
        )
    op.get_bind().execute(
        sa.text(
            "UPDATE source SET mapping = coalesce((SELECT content FROM document "
            "WHERE document.id = source.mapping_id), '')"
        )
    )
    with op.batch_alter_table("source") as source:
        source.alter_column("mapping", existing_type=sa.Text(), server_default=None)
        source.drop_constraint("source_mapping_id_fkey", type_="foreignkey")
        source.drop_column("mapping_id")
    with op.batch_alter_table("budget") as budget:
        budget.drop_constraint("budget_entity_id_fkey", type_="foreignkey")
        budget.drop_column("entity_id")
    for name in ("tag", "reading"):
        with op.batch_alter_table(name) as links:
            links.drop_column("set_by")
    for name in ("lock", "finding", "evidence", "in_force", "token", "role", "account"):
        op.drop_table(name)
    for name in ("event", "document", "member", "entity"):
        op.drop_table(name)
