"""A matter's sums by what its claims are; of what is there already by ``fengqiao ledger rebuild`` alone."""

from alembic import op
from sqlalchemy import Column, text
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

LISTS = ("types", "insurances", "towns", "industries")


def upgrade() -> None:
    """Add them, empty; the claims are sealed, so only the office can fill them in. What nobody filled in is said by its word."""
    op.add_column("measures", Column("claims", JSONB))
    for name in LISTS:
        op.execute(text(f"UPDATE measures SET {name} = ARRAY['未填写'] WHERE cardinality({name}) = 0"))


def downgrade() -> None:
    """Drop them; the events have them."""
    for name in LISTS:
        op.execute(text(f"UPDATE measures SET {name} = array_remove({name}, '未填写')"))
    op.drop_column("measures", "claims")
