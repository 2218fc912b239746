"""Cards with their appeals, the card of each task, and the index by which a unit's own papers of a kind are found.

The tables are read tables: of matters written before, ``fengqiao ledger rebuild`` fills them in.
"""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, Text, text

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, the column, the index."""
    op.add_column("tasks", Column("card", Text))
    op.create_table(
        "cards",
        Column("dispute_id", Text, nullable=False),
        Column("no", Integer, nullable=False),
        Column("card", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("clock", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("ground", Text),
        Column("appealed_at", DateTime(timezone=True)),
        Column("decided_at", DateTime(timezone=True)),
        Column("withdrawn_at", DateTime(timezone=True)),
        PrimaryKeyConstraint("dispute_id", "no", name="cards_pkey"),
    )
    for name in ("appealed_at", "withdrawn_at"):
        op.create_index(
            f"cards_{name}_dispute_id_no_idx",
            "cards",
            [name, "dispute_id", "no"],
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
    op.create_index(
        "documents_issuer_name_at_dispute_id_position_idx",
        "documents",
        ["issuer", "name", "at", "dispute_id", "position"],
    )


def downgrade() -> None:
    """Refused, like every revision's."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")
