"""Bringing an older database up to date. Each migration is one transaction: a power cut undoes it whole."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kiosk.store import faults


def alembic_config() -> Config:
    config = Config()
    # Alembic reads option values through configparser, where a per cent sign is special.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def newest_revision() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def upgrade(engine: Engine, revision: str | None) -> None:
    """From ``revision`` (None: an empty database) to the newest.

    Raises :class:`~kiosk.errors.StoreFault` for a revision that this version does not know.
    """
    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise faults.newer_schema(revision)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
