"""Where the hub keeps what it holds: an engine by URL, its schema brought up to date, transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk.errors import Message, StoreFault
from kiosk.texts import N_

HEAD = "0006"
"""The newest revision in ``migrations/versions``."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """The aware UTC datetime of :func:`micros`."""
    return _EPOCH + timedelta(microseconds=micros)


class HubDatabase:
    """The hub's database by SQLAlchemy URL; ``postgresql://`` means the psycopg driver.

    Raises :class:`kiosk.errors.StoreFault` where it cannot be opened or is newer than this program.
    """

    def __init__(self, url: str) -> None:
        if url.startswith(("postgresql://", "postgres://")):
            url = "postgresql+psycopg://" + url.partition("://")[2]
        self.engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        if self.engine.dialect.name == "sqlite":
            _settle_sqlite(self.engine)
        try:
            self._migrate()
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise StoreFault(
                Message(N_("The hub cannot open its database.")),
                Message(N_("Check the address given with --database, and that the disk is not full.")),
                detail=str(error).splitlines()[0],
            ) from error
        except BaseException:
            self.engine.dispose()
            raise

    @classmethod
    def in_folder(cls, folder: Path) -> "HubDatabase":
        """SQLite in a folder of the hub's own, made when it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'hub.sqlite'}")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def check(self) -> None:
        """Raises SQLAlchemy's ``OperationalError`` where the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.engine.begin() as connection:
            found = _revision(connection)
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise StoreFault(
                Message(N_("This database was written by a newer version of the hub.")),
                Message(N_("Install the newer version. Nothing was changed.")),
                detail=found,
            )
        from sync.hub.migrations.run import upgrade  # alembic costs half a second, once in a release

        try:
            upgrade(self.engine)
        except SQLAlchemyError:
            # Another process of this hub may have been quicker: then all is as it should be.
            with self.engine.begin() as connection:
                if _revision(connection) != HEAD:
                    raise


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _settle_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: object, record: object) -> None:
        # The driver would begin a transaction only at the first write: too late for the lock, see below.
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # SQLite has no row locks: taking the write lock first is what FOR UPDATE is elsewhere.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
