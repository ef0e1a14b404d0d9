"""A line of a village: slow, far, and cut again and again, on a real port of this machine.

Bytes go through as they come; nothing of HTTP is known here (for whole messages there is
:mod:`tests.sync.way`). A line has one rate in each direction, shared by all its connections, and a distance::

    with Line(hub_port, bits_per_s=64_000, round_trip_s=0.6, cut_every=20_000) as line:
        ...                       # speak to line.url
        print(line.up, line.down, line.connections, line.cuts)

In a process of its own, which prints the address, serves until its input ends, and prints what went through::

    python -m tests.faults.line 8040 --bits 64000 --round-trip 0.6 --cut 20000
"""

import argparse
import asyncio
import contextlib
import sys
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

PIECE = 1460
"""Bytes of one packet on the line."""

_BUFFER_S = 0.25
"""A sender is let so far ahead of a slow line: what its modem would hold."""


class _Direction:
    """One way along the line: each piece waits for those before it, of whatever connection."""

    def __init__(self, bits_per_s: float | None) -> None:
        self._bits_per_s = bits_per_s
        self.slow = bits_per_s is not None
        self._free_at = 0.0
        self.bytes = 0

    def taken(self, size: int, now: float) -> float:
        """When the last bit of ``size`` more bytes has left."""
        self.bytes += size
        if self._bits_per_s is None:
            return now
        self._free_at = max(now, self._free_at) + size * 8 / self._bits_per_s
        return self._free_at


class Line:
    """A port that is the far end's, over a line. ``cut_every`` counts the bytes of both directions together;
    a cut resets every connection, and the next may be opened at once."""

    def __init__(
        self,
        port: int,
        *,
        bits_per_s: float | None = None,
        round_trip_s: float = 0.0,
        cut_every: int | None = None,
    ) -> None:
        self._to = port
        self._half_trip_s = round_trip_s / 2
        self._up, self._down = _Direction(bits_per_s), _Direction(bits_per_s)
        self._cut_every = cut_every
        self._since_cut = 0
        self._open: set[asyncio.StreamWriter] = set()
        self.connections = 0
        self.cuts = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="line", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def up(self) -> int:
        """Bytes that went to the far end so far."""
        return self._up.bytes

    @property
    def down(self) -> int:
        return self._down.bytes

    def cut(self) -> None:
        """Once, now."""
        self._call(self._cut())

    def become(self, *, cut_every: int | None) -> None:
        """From now on the line is cut so often; None: no more."""
        self._cut_every, self._since_cut = cut_every, 0

    def __enter__(self) -> "Line":
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(back)
        try:
            # The handshake, which the kernel has already answered on this side.
            await asyncio.sleep(2 * self._half_trip_s)
            far, forth = await asyncio.open_connection("127.0.0.1", self._to)
        except (OSError, asyncio.CancelledError):
            back.transport.abort()
            return
        finally:
            self._open.discard(back)
        self._open |= {back, forth}
        try:
            await asyncio.gather(self._carry(near, forth, self._up), self._carry(far, back, self._down))
        except OSError:
            # One side is gone, or the line was cut.
            back.transport.abort()
            forth.transport.abort()
        except asyncio.CancelledError:
            # The line is being closed. A connection that ends as cancelled is printed by asyncio as a fault.
            return
        finally:
            self._open -= {back, forth}
            back.close()
            forth.close()

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: _Direction
    ) -> None:
        """Until ``source`` ends; what it said last has then arrived."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(_arrive(under_way, target))
        try:
            while piece := await source.read(PIECE if way.slow else 1 << 16):
                now = self._loop.time()
                passed = await self._pass(piece)
                left_at = way.taken(len(passed), now)
                under_way.put_nowait((left_at + self._half_trip_s, passed))
                if left_at - now > _BUFFER_S:
                    await asyncio.sleep(left_at - now - _BUFFER_S)
                if arriving.done():
                    break
            under_way.put_nowait((0.0, b""))
            await arriving
        finally:
            arriving.cancel()

    async def _pass(self, piece: bytes) -> bytes:
        """What of ``piece`` still goes through; raises ConnectionError where that is not all."""
        if self._cut_every is None:
            return piece
        self._since_cut += len(piece)
        if self._since_cut < self._cut_every:
            return piece
        await self._cut()
        raise ConnectionResetError("the line was cut")

    async def _cut(self) -> None:
        self.cuts += 1
        self._since_cut = 0
        for writer in self._open:
            writer.transport.abort()

    async def _close(self) -> None:
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _arrive(under_way: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter) -> None:
    while True:
        at, piece = await under_way.get()
        if not piece:
            break
        wait = at - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
        target.write(piece)
        await target.drain()
    with contextlib.suppress(OSError):
        target.write_eof()


def main() -> None:
    parser = argparse.ArgumentParser(description="A slow, far, broken line to a port of this machine.")
    parser.add_argument("port", type=int)
    parser.add_argument("--bits", type=float, help="per second, each way; without it as fast as it goes")
    parser.add_argument("--round-trip", type=float, default=0.0, help="seconds")
    parser.add_argument("--cut", type=int, help="cut after so many bytes, again and again")
    chosen = parser.parse_args()
    line = Line(chosen.port, bits_per_s=chosen.bits, round_trip_s=chosen.round_trip, cut_every=chosen.cut)
    with line, contextlib.suppress(KeyboardInterrupt):
        print(line.url, flush=True)
        sys.stdin.read()
        print(f"{line.up} up, {line.down} down, {line.connections} connections, {line.cuts} cuts")


if __name__ == "__main__":
    main()
