"""What can lie between a kiosk and a hub, on real sockets: a line that breaks, a network that answers."""

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit


class Way:
    """A port that does with each connection what it is told to: ``handle(socket, number)``."""

    def __init__(self, handle: Callable[[socket.socket, int], None]) -> None:
        self._handle = handle
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.connections = 0
        self._accepting = threading.Thread(target=self._accept, name="way", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def become(self, handle: Callable[[socket.socket, int], None]) -> None:
        """From the next connection on, something else is done."""
        self._handle = handle

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket, number: int) -> None:
        with client:
            self._handle(client, number)

    def __enter__(self) -> "Way":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # accept() wakes up only for a shutdown, not for a close.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join(10)
        for thread in self._threads:
            thread.join(10)


def answering(answer: bytes) -> Callable[[socket.socket, int], None]:
    """Reads one request whole and gives a fixed answer."""

    def handle(client: socket.socket, number: int) -> None:
        read_message(client)
        client.sendall(answer)

    return handle


def page(status: str, body: bytes, media_type: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def forwarding(
    hub: str,
    *,
    request: Callable[[bytes, int], bytes] = lambda message, _: message,
    answer: Callable[[bytes, int], bytes] = lambda message, _: message,
) -> Callable[[socket.socket, int], None]:
    """Hands requests to the hub and its answers back, each as ``request`` and ``answer`` change them.

    The answer is read whole from the hub first, so whatever ``answer`` drops, the hub has committed.
    """
    port = urlsplit(hub).port

    def handle(client: socket.socket, number: int) -> None:
        whole = read_message(client)
        sent = request(whole, number)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as server:
            server.sendall(sent)
            if len(sent) < len(whole) and whole.startswith(sent):
                server.shutdown(socket.SHUT_WR)
            came = answer(read_message(server), number)
        if came:
            client.sendall(came)

    return handle


def read_message(peer: socket.socket) -> bytes:
    """One HTTP message with its whole body."""
    peer.settimeout(20)
    message = b""
    while b"\r\n\r\n" not in message:
        piece = peer.recv(65536)
        if not piece:
            return message
        message += piece
    head, _, body = message.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        piece = peer.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
