"""The audit filtered by what was done."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("audit_verb_n_idx", "audit", ["verb", "n"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("audit_verb_n_idx", "audit")
