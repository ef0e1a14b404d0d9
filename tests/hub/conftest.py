from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.hub.postgres import cluster
from tests.sync.parties import Hub


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with cluster() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hub.sqlite'}"
    server: str = request.getfixturevalue("postgres")
    name = f"hub_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def hub(tmp_path: Path, database_url: str) -> Iterator[Hub]:
    with Hub(tmp_path / "hub", url=database_url) as running:
        yield running
