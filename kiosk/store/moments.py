"""Times as the tables hold them: whole microseconds since 1970-01-01T00:00Z."""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@overload
def to_us(moment: datetime) -> int: ...
@overload
def to_us(moment: None) -> None: ...
def to_us(moment: datetime | None) -> int | None:
    """``moment`` must be aware; a naive one is a bug and raises TypeError."""
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


@overload
def from_us(microseconds: int) -> datetime: ...
@overload
def from_us(microseconds: None) -> None: ...
def from_us(microseconds: int | None) -> datetime | None:
    """An aware UTC datetime."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
