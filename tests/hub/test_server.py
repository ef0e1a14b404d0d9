"""A hub's own socket."""

import socket

import pytest

from kiosk.errors import HubFault
from sync.hub.server import listening_on


def test_an_answer_does_not_wait_until_its_first_half_was_confirmed() -> None:
    """With Nagle's algorithm each answer on a kept connection came 40 ms late."""
    with (
        listening_on("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname(), timeout=20),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_told_as_such() -> None:
    with listening_on("127.0.0.1", 0) as taken, pytest.raises(HubFault, match="cannot listen on port"):
        listening_on("127.0.0.1", taken.getsockname()[1])
