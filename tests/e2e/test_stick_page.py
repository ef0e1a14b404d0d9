"""A coordinator's exchange by USB stick on the screen alone, with a real hub that takes the stick."""

from pathlib import Path

import pytest

from kiosk.flow.table import Screen
from kiosk.flow.view import Notice, Progress
from kiosk.receipts import new_resume_code
from kiosk.store.outbox import OutboxState
from kiosk.updates.bundle import STICK_FILE
from kiosk.updates.standing import State
from sync.hub.exchanging import Exchange
from sync.hub.releases import Releases
from sync.hub.sticks import Sticks
from sync.stick import FOLDER
from tests.e2e.lined import LinedKiosk, lined_kiosk
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.test_leaving import begin, enter, finish_later_with_a_code
from tests.flow.test_staff import rows
from tests.updates.deployment import Deployment


def hub_takes(kiosk: LinedKiosk, stick: Path) -> None:
    """What `opora hub import` does at the agency, on the same classes."""
    server, hub = kiosk.hub.server, kiosk.hub
    exchange = Exchange(hub.database, server.identity, hub.opener, hub.clock)
    (file,) = (stick / FOLDER).glob("to-agency-*")
    answered = Sticks(server.kiosks, exchange, server.identity, hub.clock).answer(file.read_bytes())
    (stick / FOLDER / answered.name).write_bytes(answered.content)
    Releases(hub.database, server.identity, hub.clock).write_for_stick(stick / FOLDER / STICK_FILE)


def to_stick_page(kiosk: LinedKiosk, language: str = "en") -> Booth:
    kiosk.sign_in(language)
    kiosk.booth.press("stick")
    assert kiosk.booth.view.screen == Screen.STICK
    return kiosk.booth


def until(booth: Booth, id: str) -> None:
    """The page looks for sticks by itself at each tick."""

    def there() -> bool:
        booth.conductor.tick()
        found = buttons(booth.view).get(id)
        return found is not None and found.enabled

    booth.pump.until(there)


def until_done(booth: Booth) -> list[Progress]:
    seen: list[Progress] = []

    def done() -> bool:
        booth.conductor.tick()
        seen.extend(part for part in booth.view.body if isinstance(part, Progress))
        return "You can take the stick out now" in sentences(booth.view)

    booth.pump.until(done)
    return seen


def test_kiosk_without_a_line_is_enrolled_and_its_decision_comes_home_by_stick_alone(tmp_path: Path) -> None:
    stick = tmp_path / "sticks" / "BLUE"
    with lined_kiosk(tmp_path, alone=True) as kiosk:
        kiosk.apply("en")
        old_salt = kiosk.booth.desk.salt
        booth = to_stick_page(kiosk)
        assert "Please put a USB stick into the kiosk" in sentences(booth.view)
        assert "forward" not in buttons(booth.view)
        stick.mkdir(parents=True)
        code = kiosk.hub.server.kiosks.new_code()
        booth.pump.until(lambda: _ticked(booth, "One-time code from the agency"))
        booth.press("forward")
        assert "Please type all 12 digits of the code." in sentences(booth.view)
        booth.type("code", code.replace(" ", ""))
        booth.press("forward")
        until_done(booth)
        assert any("1 application, " in text for text in sentences(booth.view))
        assert kiosk.waiting() == 1, "written is not received"
        booth.press("forward")
        assert booth.view.screen == Screen.TODAY
        booth.pump.until(lambda: "on a USB stick, not confirmed yet" in _taken(booth))
        hub_takes(kiosk, stick)
        assert len(kiosk.arrivals()) == 1
        booth.press("stick")
        booth.pump.until(lambda: _ticked(booth, "The agency's answer is on this stick"))
        booth.press("forward")
        until_done(booth)
        told = " ".join(sentences(booth.view))
        assert "connected to the agency's hub now" in told
        assert "1 application was received by the agency." in told
        assert kiosk.waiting() == 0
        booth.press("forward")
        booth.pump.until(lambda: "received by the agency" in _taken(booth))
        assert [each.name.split("-")[1] for each in (stick / FOLDER).iterdir()] == ["agency"]
        booth.pump.empty()
        assert kiosk.house.facts.hub_id == str(kiosk.hub.server.identity.hub)
        assert kiosk.house.facts.salt == kiosk.hub.server.identity.salt != old_salt
        with kiosk.house.database.reader() as repositories:
            entries = [entry.action for entry in repositories.journal.entries()]
        assert entries.count("exported") == 2


def test_codes_that_were_given_while_it_worked_alone_open_after_it_was_enrolled(tmp_path: Path) -> None:
    with lined_kiosk(tmp_path, alone=True) as kiosk:
        receipt, _ = kiosk.apply("en")
        booth = kiosk.booth
        begin(booth, volunteer="no")
        paused = finish_later_with_a_code(booth)
        kiosk.house.enrol(kiosk.hub.url, kiosk.hub.server.kiosks.new_code())
        facts = kiosk.house.facts
        booth.conductor.renew(salt=facts.salt, former_salts=facts.former_salts)

        kiosk.look_up("en", receipt)
        assert booth.view.screen == Screen.FOUND
        assert "Kept at this centre, not yet sent" in sentences(booth.view), "and not found by its tag alone"
        booth.press("forward")
        enter(booth, paused)
        assert booth.view.title == "How many rooms do you heat?"
        later = finish_later_with_a_code(booth)
        enter(booth, later)
        assert booth.view.screen == Screen.QUESTION, "a code that is given now opens as well"
        booth.press("help")
        booth.press("finish_later")
        booth.press("forward")
        booth.press("forward")
        enter(booth, new_resume_code())
        assert booth.view.screen == Screen.ENTER_CODE
        assert "Nothing was found for this code." in sentences(booth.view)


def _taken(booth: Booth) -> str:
    """What the page of the day says of the one application."""
    return " ".join(value for id, value in rows(booth).items() if id.startswith("taken:"))


def _ticked(booth: Booth, sentence: str) -> bool:
    booth.conductor.tick()
    return sentence in sentences(booth.view)


def test_damaged_answer_is_told_and_what_waits_is_written_all_the_same(tmp_path: Path) -> None:
    stick = tmp_path / "sticks" / "BLUE"
    (stick / FOLDER).mkdir(parents=True)
    with lined_kiosk(tmp_path, by_way_of="http://127.0.0.1:9") as kiosk:
        kiosk.apply("en")
        booth = to_stick_page(kiosk)
        until(booth, "forward")
        booth.press("forward")
        until_done(booth)
        booth.press("forward")
        hub_takes(kiosk, stick)
        (answer,) = (stick / FOLDER).glob("to-kiosk-*")
        whole = answer.read_bytes()
        answer.write_bytes(whole[:-7])
        booth.press("stick")
        booth.pump.until(lambda: _ticked(booth, "The agency's answer is on this stick"))
        booth.press("forward")
        until_done(booth)
        told = sentences(booth.view)
        assert "This file cannot be opened." in told
        assert any(text.startswith("1 application, ") for text in told)
        assert answer.exists(), "what could not be read is left alone"
        answer.write_bytes(whole)
        booth.press("forward")
        booth.press("stick")
        booth.pump.until(lambda: _ticked(booth, "The agency's answer is on this stick"))
        booth.press("forward")
        until_done(booth)
        assert kiosk.waiting() == 0
        with kiosk.house.database.reader() as repositories:
            (row,) = repositories.applications.stored_since(kiosk.hub.clock().replace(hour=0, minute=0))
            (entry,) = repositories.outbox.of(row.id)
        assert entry.state is OutboxState.ACKNOWLEDGED


def test_stick_that_cannot_be_written_to_is_a_sentence_and_the_page_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "sticks" / "BLUE"
    stick.mkdir(parents=True)
    (stick / FOLDER).write_bytes(b"a file where the folder should be")
    with lined_kiosk(tmp_path) as kiosk:
        booth = to_stick_page(kiosk)
        until(booth, "forward")
        booth.press("forward")
        booth.pump.until(lambda: not booth.conductor.working())
        assert "The file could not be written." in sentences(booth.view)
        assert buttons(booth.view)["forward"].enabled
        (stick / FOLDER).unlink()
        booth.press("forward")
        until_done(booth)
        assert len(list((stick / FOLDER).iterdir())) == 1


def test_of_two_sticks_the_coordinator_chooses(tmp_path: Path) -> None:
    for name in ("BLUE", "RED"):
        (tmp_path / "sticks" / name).mkdir(parents=True)
    with lined_kiosk(tmp_path) as kiosk:
        booth = to_stick_page(kiosk, "ru")
        booth.pump.until(lambda: _ticked(booth, "На какую флешку?"))
        booth.press("forward")
        assert "Пожалуйста, выберите флешку." in sentences(booth.view)
        booth.choose("stick", str(tmp_path / "sticks" / "RED"))
        booth.press("forward")
        booth.pump.until(lambda: _ticked(booth, "Флешку можно вынуть"))
        assert not (tmp_path / "sticks" / "BLUE" / FOLDER).exists()
        assert any(isinstance(part, Notice) for part in booth.view.body)


@pytest.mark.proof
def test_an_update_of_the_agency_comes_home_beside_its_answer(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "deployment")
    (tmp_path / "sticks" / "BLUE").mkdir(parents=True)
    # It has no line: whose updates to trust it learns from the answer to its one-time code.
    with lined_kiosk(tmp_path, alone=True) as kiosk:
        hub = kiosk.hub
        Releases(hub.database, hub.server.identity, hub.clock).publish(deployment.update("2"))
        booth = to_stick_page(kiosk, "ko")
        until(booth, "forward")
        booth.type("code", hub.server.kiosks.new_code().replace(" ", ""))
        booth.press("forward")
        until_done_in(booth, "이제 USB를 빼도 됩니다")
        hub_takes(kiosk, tmp_path / "sticks" / "BLUE")
        booth.press("forward")
        booth.press("stick")
        until(booth, "forward")
        booth.press("forward")
        until_done_in(booth, "USB에 업데이트가 있었어요")
        assert kiosk.house.updates.standing().state is State.READY
        assert kiosk.house.updates.apply()
        assert kiosk.house.pack().version == "2"


def until_done_in(booth: Booth, sentence: str) -> None:
    def done() -> bool:
        booth.conductor.tick()
        return sentence in sentences(booth.view)

    booth.pump.until(done)
