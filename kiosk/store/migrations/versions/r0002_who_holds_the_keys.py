"""Who holds the centre's keys: everybody has a pair of their own, and is granted the centre's.

So the centre's key can be changed without anybody's PIN. With it: a key of the coordinators alone, and the
key of the blind index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("key_wrap", sa.Column("recipient", sa.String(), nullable=True))
    op.add_column("centre_key", sa.Column("purpose", sa.String(), nullable=False, server_default="centre"))
    op.add_column("centre_key", sa.Column("index_key", sa.LargeBinary(), nullable=True))
    op.create_table(
        "key_grant",
        sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("centre_key_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("operator_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["centre_key_id"], ["centre_key.id"]),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("application", sa.Column("for_approval", sa.LargeBinary(), nullable=True))
    op.add_column("application", sa.Column("approval_key_id", sa.Uuid(native_uuid=False), nullable=True))
