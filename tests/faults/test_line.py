"""The line of the tests is as slow, as far and as broken as it says."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.line import Line

ANSWER = b"y" * 8_000


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def far_end() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def asked(line: Line, body: bytes) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=20)
    try:
        connection.request("POST", "/", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_line_without_limits_passes_everything_on(far_end: int) -> None:
    with Line(far_end) as line:
        assert asked(line, b"x" * 300_000) == ANSWER
        assert line.up > 300_000
        assert len(ANSWER) < line.down < len(ANSWER) + 500
        assert (line.connections, line.cuts) == (1, 0)


def test_a_slow_far_line_takes_the_time_that_physics_asks(far_end: int) -> None:
    with Line(far_end, bits_per_s=800_000, round_trip_s=0.1) as line:
        began = time.monotonic()
        assert asked(line, b"x" * 20_000) == ANSWER
        took = time.monotonic() - began
    # Two round trips (handshake, question and answer) and 28,000 bytes of 8 bits.
    assert took >= 2 * 0.1 + 28_000 * 8 / 800_000


def test_a_line_that_is_cut_breaks_what_is_under_way_and_lets_the_next_through(far_end: int) -> None:
    with Line(far_end, cut_every=20_000) as line:
        with pytest.raises(OSError):  # noqa: PT011 - reset, broken pipe or an early end, as the kernel sees it
            asked(line, b"x" * 60_000)
        assert line.cuts >= 1
        assert asked(line, b"x" * 500) == ANSWER
        line.cut()
        line.become(cut_every=None)
        assert asked(line, b"x" * 60_000) == ANSWER


def test_an_absent_far_end_is_an_absent_far_end() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as closed:
        port = closed.server_address[1]
    with Line(port) as line, pytest.raises((OSError, http.client.HTTPException)):
        asked(line, b"x")


@pytest.mark.parametrize("round_trip_s", [0.0, 60.0], ids=["under way", "still being opened"])
def test_a_line_that_is_closed_says_nothing_about_what_was_open(
    far_end: int, round_trip_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    with Line(far_end, round_trip_s=round_trip_s) as line, socket.create_connection(("127.0.0.1", line.port)):
        while not line.connections:
            time.sleep(0.001)
    assert caplog.records == []
