"""材料: the sealed bytes of files that were handed in, only ever added to; and those attached to a draft, which go with it."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the one of the record is never changed."""
    op.create_table(
        "material_parts",
        Column("dispute_id", Text, nullable=False),
        Column("file_id", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("dispute_id", "file_id", "n", name="material_parts_pkey"),
    )
    op.execute("ALTER TABLE material_parts ALTER COLUMN sealed SET STORAGE EXTERNAL")
    op.execute(
        "CREATE TRIGGER material_parts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON material_parts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "draft_files",
        Column("person_id", Text, nullable=False),
        Column("place", Text, nullable=False),
        Column("file_id", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("saved_at", DateTime(timezone=True), nullable=False),
        Column("key_id", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("person_id", "place", "file_id", "n", name="draft_files_pkey"),
    )
    op.create_index("draft_files_saved_at_idx", "draft_files", ["saved_at"])


def downgrade() -> None:
    """Refused: the legal record is never dropped by a migration."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")
