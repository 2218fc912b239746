"""The papers that wait for a unit are found by the unit, not among those of all."""

from alembic import op
from sqlalchemy import text

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them."""
    op.create_index(
        "documents_waiting_units_idx",
        "documents",
        ["units"],
        postgresql_using="gin",
        postgresql_where=text("waits IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("documents_waiting_units_idx", "documents")
