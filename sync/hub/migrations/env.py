"""Alembic's entry: the engine is handed in by :mod:`sync.hub.migrations.run`."""

from alembic import context

from sync.hub.rows import Base

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
