"""Who may know of a matter, not only who takes part in it; of what is there already by ``fengqiao ledger rebuild`` alone."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEXES = {
    "taking_part_pkey": "knowing_pkey",
    "taking_part_open_idx": "knowing_open_idx",
    "taking_part_unit_opened_at_dispute_id_idx": "knowing_mark_opened_at_dispute_id_idx",
}


def upgrade() -> None:
    """Rename it; who else may know is sealed, so only the office can fill it in."""
    op.rename_table("taking_part", "knowing")
    op.alter_column("knowing", "unit", new_column_name="mark")
    for was, name in _INDEXES.items():
        op.execute(f"ALTER INDEX {was} RENAME TO {name}")


def downgrade() -> None:
    """Rename it back; the events have the rest."""
    for was, name in _INDEXES.items():
        op.execute(f"ALTER INDEX {name} RENAME TO {was}")
    op.alter_column("knowing", "mark", new_column_name="unit")
    op.rename_table("knowing", "taking_part")
