"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('optimal', 'infeasible')", name="status_known"),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_budget_id"), ["budget_id"], unique=False
        )

    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("administrative_unit", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("function", sa.String(), nullable=True),
        sa.Column("function_scheme", sa.String(), nullable=True),
        sa.Column("economic_class", sa.String(), nullable=True),
        sa.Column("cost_category", sa.String(), nullable=True),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("project", sa.String(), nullable=True),
        sa.Column("fund", sa.String(), nullable=True),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_min", sa.BigInteger(), nullable=True),
        sa.Column("amount_max", sa.BigInteger(), nullable=True),
        sa.Column("movable", sa.Boolean(), nullable=True),
        sa.Column("sheet", sa.String(), nullable=True),
        sa.Column("file_row", sa.Integer(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('expenditure', 'revenue')", name="direction_known"
        ),
        sa.CheckConstraint(
            "phase IN ('proposed', 'approved', 'adjusted', 'executed')",
            name="phase_known",
        ),
        sa.CheckConstraint(
            "amount > -1000000000000000 AND amount < 1000000000000000",
            name="amount_in_range",
        ),
        sa.CheckConstraint("amount_min <= amount_max", name="bounds_ordered"),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["budget.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("budget_id", "fiscal_year", "phase", "line_id"),
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_line_budget_id"), ["budget_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_line_source_id"), ["source_id"], unique=False
        )

    op.create_table(
        "proposal_line",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount > -1000000000000000 AND amount < 1000000000000000",
            name="amount_in_range",
        ),
        sa.CheckConstraint(
            "start > -1000000000000000 AND start < 1000000000000000",
            name="start_in_range",
        ),
        sa.ForeignKeyConstraint(
            ["line"],
            ["line.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("proposal_id", "line"),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(), nullable=True),
        sa.Column("groups", sa.String(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("share_low", sa.Integer(), nullable=True),
        sa.Column("share_high", sa.Integer(), nullable=True),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("objective", sa.String(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('manual', 'crosswalk', 'text_rule', 'suggestion', 'donor_marker', 'imported')",
            name="basis_known",
        ),
        sa.CheckConstraint(
            "effect IN ('supports', 'restricts', 'neutral')", name="effect_known"
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'read', 'approved', 'locked')", name="state_known"
        ),
        sa.CheckConstraint("share >= 0 AND share <= 1000000", name="share_range"),
        sa.CheckConstraint(
            "share_high >= share AND share_high <= 1000000", name="high_ordered"
        ),
        sa.CheckConstraint("share_low >= 0 AND share_low <= share", name="low_ordered"),
        sa.ForeignKeyConstraint(
            ["line"],
            ["line.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_line"), ["line"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_line"))

    op.drop_table("tag")
    op.drop_table("proposal_line")
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_source_id"))
        batch_op.drop_index(batch_op.f("ix_line_budget_id"))

    op.drop_table("line")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_budget_id"))

    op.drop_table("source")
    op.drop_table("proposal")
    op.drop_table("budget")
