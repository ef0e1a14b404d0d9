"""What an agency said, so that it can be sealed to a new receipt where the old one was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("status", sa.Column("content", sa.Text(), nullable=True))
