"""Tags name their criterion; second readings have a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tag", sa.Column("criterion", sa.String(), nullable=True))
    op.create_table(
        "reading",
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
        sa.Column("criterion", sa.String(), nullable=True),
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
        sa.CheckConstraint("author IS NOT NULL", name="reader_named"),
        sa.CheckConstraint("share >= 0 AND share <= 1000000", name="share_range"),
        sa.CheckConstraint(
            "share_high >= share AND share_high <= 1000000", name="high_ordered"
        ),
        sa.CheckConstraint("share_low >= 0 AND share_low <= share", name="low_ordered"),
        sa.ForeignKeyConstraint(["line"], ["line.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reading_line"), "reading", ["line"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reading_line"), table_name="reading")
    op.drop_table("reading")
    with op.batch_alter_table("tag") as tag:
        tag.drop_column("criterion")
