"""Where an agency has a server of its own, nothing comes back: people are told so, and whom to ask."""

import json
from dataclasses import replace

import pytest

from kiosk.flow.printing import receipt_of
from kiosk.flow.table import Screen
from kiosk.store import Repositories
from tests.flow.booth import Booth, sentences
from tests.flow.conftest import PIN, Kiosks
from tests.flow.sample_form import AGENCY
from tests.sync.openrosa_server import OpenRosaServer


@pytest.fixture
def booth(kiosks: Kiosks) -> Booth:
    key = OpenRosaServer(set()).public_key
    agency = replace(
        kiosks.pack.agencies[AGENCY], recipient=key, openrosa="https://forms.example.org/v1/key/x"
    )
    kiosks.pack = replace(kiosks.pack, agencies={AGENCY: agency})
    return kiosks.open()


def test_page_and_receipt_name_whom_to_ask(booth: Booth) -> None:
    booth.reach_question("ru")
    booth.answer_all()
    booth.hand_in()
    told = " ".join(sentences(booth.view))
    assert "Откуда придёт ответ" in told
    assert "Фонд тепла, +1 555 0102" in told
    receipt = receipt_of(booth.visit, booth.desk)
    assert any("Фонд тепла, +1 555 0102" in step for step in receipt.next_steps)


def test_received_means_that_server_and_the_list_says_so(booth: Booth, kiosks: Kiosks) -> None:
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")

    def acknowledged(repositories: Repositories) -> list[str]:
        (entry,) = repositories.outbox.waiting(0, 1_000_000, 10, kiosks.clock())
        repositories.outbox.acknowledge(entry.envelope_id, kiosks.clock(), "openrosa", None)
        return [part["kind"] for part in json.loads(entry.header)["parts"]]

    kinds = kiosks.lane.submit(acknowledged).result()
    assert kinds[0] == "odk-manifest"
    assert set(kinds[1:]) == {"odk-encrypted"}
    assert booth.view.screen == Screen.WELCOME
    booth.reach_need()
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    booth.type("pin", PIN)
    booth.press("forward")
    told = " ".join(sentences(booth.view))
    assert "received by the agency's own server" in told
    assert "the kiosk hears no more" in told
