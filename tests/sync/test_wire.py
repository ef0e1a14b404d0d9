"""Bodies: what was packed comes out, and what swells or is broken does not come in."""

import gzip

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync import wire


@given(st.binary(max_size=5000), st.sampled_from([wire.ZSTD, wire.GZIP, wire.IDENTITY]))
def test_what_was_packed_comes_out(body: bytes, coding: str) -> None:
    assert wire.unpack(wire.pack(body, coding), coding) == body


@given(st.binary(max_size=2000), st.sampled_from([wire.ZSTD, wire.GZIP, "br", "deflate", ""]))
def test_any_body_is_unpacked_or_refused(body: bytes, coding: str) -> None:
    try:
        plain = wire.unpack(body, coding, most=10_000)
    except wire.WireError:
        return
    assert len(plain) <= 10_000


@pytest.mark.parametrize("coding", [wire.ZSTD, wire.GZIP])
def test_small_body_that_unpacks_to_a_flood_is_refused(coding: str) -> None:
    bomb = wire.pack(b"\0" * 50_000_000, coding)
    assert len(bomb) < 100_000
    with pytest.raises(wire.WireError) as refused:
        wire.unpack(bomb, coding)
    assert refused.value.too_large


def test_window_that_would_fill_the_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    greedy = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = greedy.compress(bytes(range(256)) * 200) + greedy.flush()
    with pytest.raises(wire.WireError):
        wire.unpack(body, wire.ZSTD)


def test_gzip_that_ends_too_soon_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(gzip.compress(b"x" * 1000)[:-4], wire.GZIP)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("zstd, gzip", wire.ZSTD),
        ("gzip", wire.GZIP),
        ("gzip;q=0.5, zstd;q=0", wire.GZIP),
        ("*", wire.ZSTD),
        ("br", wire.IDENTITY),
        ("", wire.IDENTITY),
        ("gzip;q=nonsense", wire.IDENTITY),
    ],
)
def test_best_coding_that_the_other_side_takes_is_chosen(header: str, coding: str) -> None:
    assert wire.accepted(header) == coding
