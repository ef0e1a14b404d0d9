"""Counts for the limits: requests of a kiosk, and wrong codes, by the minute."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("minute", "asked"):
        op.add_column("kiosk", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "enrol_tries",
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute"),
    )
