"""A copy that stays here with the person's consent, and what waits for the coordinator's approval."""

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk.errors import Fault, SignInFault
from kiosk.flow.table import Screen
from kiosk.flow.view import Rows
from kiosk.ids import ApplicationId
from kiosk.operators import SignedIn
from kiosk.receipts import FolderPrinter
from kiosk.store import ApplicationState
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.sample_form import AGENCY
from tests.flow.test_people import OTHER_PIN, add, choose_operator
from tests.flow.test_staff import to_today


def apply(booth: Booth, *, copy: bool = False) -> ApplicationId:
    """From welcome to the stored page."""
    booth.reach_need()
    booth.choose("need", "apply")
    booth.choose("speaker", "myself")
    booth.choose("life_stage", "old_age")
    booth.choose("service", "heating")
    if copy:
        booth.choose("copy", "yes")
    booth.press("forward")
    booth.answer_all()
    booth.hand_in()
    slip = booth.visit.slip
    assert slip is not None
    assert slip.stored is not None
    return slip.stored.application_id


def signed_in(booth: Booth) -> SignedIn:
    assert booth.visit.signed_in is not None
    return booth.visit.signed_in


def paper_of(kiosks: Kiosks, folder: Path, *, copy: bool) -> tuple[Booth, ApplicationId, str]:
    folder.mkdir()
    kiosks.printer = FolderPrinter(folder)
    booth = kiosks.open()
    id = apply(booth, copy=copy)
    booth.press("forward")
    text = "".join(page.extract_text() for page in PdfReader(folder / "receipt.pdf").pages)
    booth.press("forward")
    booth.press("forward")
    return booth, id, " ".join(text.split())


def test_a_copy_is_kept_with_consent_for_a_year_and_the_receipt_says_until_when(
    kiosks: Kiosks, tmp_path: Path
) -> None:
    booth, id, paper = paper_of(kiosks, tmp_path / "paper", copy=True)
    assert (
        "With your consent, the centre keeps a sealed copy of your application until 3 March 2027." in paper
    )
    to_today(booth)
    assert b"Anna" in booth.desk.approvals.open_copy(signed_in(booth), id)
    booth.clock.move(days=366)
    assert booth.desk.receipts.erase_overdue(booth.clock()).result() >= 1
    with pytest.raises(Fault, match="no copy"):
        booth.desk.approvals.open_copy(signed_in(booth), id)
    with booth.desk.operators._lane.database.reader() as repositories:
        actions = [entry.action for entry in repositories.journal.entries()]
    assert actions.count("copy-opened") == actions.count("copy-erased") == 1


def test_without_consent_none_is_kept_and_screen_and_receipt_say_so(kiosks: Kiosks, tmp_path: Path) -> None:
    booth, id, paper = paper_of(kiosks, tmp_path / "paper", copy=False)
    assert "The centre keeps no copy of your answers." in paper
    to_today(booth)
    with pytest.raises(Fault, match="no copy"):
        booth.desk.approvals.open_copy(signed_in(booth), id)


def test_the_page_says_what_cannot_be_done_without_a_copy_and_a_centre_may_keep_none(booth: Booth) -> None:
    booth.reach_need()
    booth.choose("need", "apply")
    booth.choose("speaker", "myself")
    booth.choose("life_stage", "old_age")
    booth.choose("service", "heating")
    assert "Then nothing of it stays here" in sentences(booth.view)
    assert any("for 12 months?" in each for each in sentences(booth.view))
    booth.choose("copy", "yes")
    assert "Then the centre can help you later" in sentences(booth.view)
    booth.tick(151)
    booth.tick(46)
    to_today(booth)
    booth.press("rules")
    booth.choose("copy", "0")
    booth.press("forward")
    booth.press("back")
    booth.reach_need()
    booth.choose("need", "apply")
    booth.choose("speaker", "myself")
    booth.choose("life_stage", "old_age")
    booth.choose("service", "heating")
    assert not any("locked copy" in each for each in sentences(booth.view))


def wanting_approval(kiosks: Kiosks) -> Booth:
    agencies = {AGENCY: replace(kiosks.pack.agencies[AGENCY], wants_approval=True)}
    kiosks.pack = replace(kiosks.pack, agencies=agencies)
    return kiosks.open()


def test_what_needs_approval_waits_for_a_coordinator_who_alone_can_read_it(kiosks: Kiosks) -> None:
    booth = wanting_approval(kiosks)
    id = apply(booth)
    booth.press("forward")
    booth.press("forward")
    to_today(booth)
    add(booth, "Min-ji")
    counts = booth.desk.today.counts(booth.clock())
    assert (counts.waiting, counts.needs_attention) == (0, 0), "no carrier takes it yet"
    booth.press("back")
    choose_operator(booth, "Min-ji")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert f"approve:{id}" not in buttons(booth.view)
    with pytest.raises(SignInFault, match="Only the coordinator"):
        booth.desk.approvals.read(signed_in(booth), id)
    booth.press("back")
    to_today(booth)
    booth.press(f"approve:{id}")
    assert booth.view.screen == Screen.APPROVAL
    values = [row.value for part in booth.view.body if isinstance(part, Rows) for row in part.rows]
    assert {"Anna", "2", "With wood"} <= set(values)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY
    assert booth.desk.today.counts(booth.clock()).waiting == 1
    (row,) = booth.desk.today.applications(signed_in(booth), booth.clock().replace(hour=0))
    assert row.state is ApplicationState.KEPT
    assert booth.desk.approvals.read(signed_in(booth), id).answers is None, "nobody here reads it any more"
    with pytest.raises(Fault, match="no longer here"):
        booth.desk.approvals.approve(signed_in(booth), id)
    assert booth.wire.nudges >= 1
