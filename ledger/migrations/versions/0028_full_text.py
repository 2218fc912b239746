"""What a matter's own words are found by; of what is there already by ``fengqiao ledger rebuild`` alone."""

from alembic import op
from sqlalchemy import Column, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty; the words are sealed, so only the office can fill it in."""
    op.create_table(
        "texts",
        Column("dispute_id", Text, primary_key=True),
        Column("pairs", ARRAY(Integer), nullable=False),
    )
    op.create_index("texts_pairs_idx", "texts", ["pairs"], postgresql_using="gin")


def downgrade() -> None:
    """Drop it; the events have the words."""
    op.drop_table("texts")
