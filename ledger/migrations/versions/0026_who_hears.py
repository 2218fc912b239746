"""Which of a matter's parties a notice is for: not the applicant alone hears."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; until now the applicant alone heard."""
    op.add_column("notices", Column("recipient", Text))
    op.execute("UPDATE notices SET recipient = 'applicant' WHERE template IS NOT NULL")


def downgrade() -> None:
    """Drop it."""
    op.drop_column("notices", "recipient")
