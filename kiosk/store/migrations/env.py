"""Alembic runs this; the connection, and with it the transaction, come from :func:`upgrade`."""

from alembic import context
from sqlalchemy import Connection

from kiosk.store.rows import Base

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
