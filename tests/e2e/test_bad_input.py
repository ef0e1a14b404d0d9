"""What comes in is bad: the person is told in their own language what happened, and nothing is lost."""

import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.flow.desk import LineState
from kiosk.flow.table import Screen
from kiosk.flow.view import Notice, TextField, View
from kiosk.forms import Ref
from kiosk.texts import LANGUAGES, texts_for
from sync.hub.statuses import Decision
from tests.e2e.lined import lined_kiosk
from tests.faults.small_disk import fill, mounted
from tests.flow.booth import Booth, sentences
from tests.flow.conftest import Kiosks
from tests.flow.sample_form import XFORM, sample_pack
from tests.sync.way import Way, answering, forwarding, page
from ui.glass import Glass
from ui.opening import Opening

SCRIPTS = {"en": re.compile(r"[A-Za-z]{3}"), "ru": re.compile(r"[а-яё]{3}"), "ko": re.compile(r"[가-힣]{2}")}
ENGLISH = re.compile(r"\b(the|is|are|this|please|not|cannot|and)\b", re.IGNORECASE)


def in_language(language: str, text: str) -> bool:
    """Words of that language, and no English sentence where another was wanted."""
    return SCRIPTS[language].search(text) is not None and (language == "en" or not ENGLISH.search(text))


def errors(view: View) -> list[str]:
    return [error.text for error in view.errors]


# -- a form that cannot run

BROKEN = {
    "cut short": XFORM[: len(XFORM) // 2],
    "a rule that is none": XFORM.replace(b'constraint=". &gt; 0"', b'constraint=". &gt; ("'),
    "rules in a circle": XFORM.replace(
        b'<bind nodeset="/data/stove" type="string"/>',
        b'<bind nodeset="/data/stove" type="string" calculate="/data/rooms + 1"/>',
    ).replace(b'constraint=". &gt; 0"', b'calculate="/data/stove + 1"'),
    "no form at all": b"<html><body>Not found</body></html>",
    "entities": b'<?xml version="1.0"?><!DOCTYPE h [<!ENTITY a "aa">]>' + XFORM.partition(b"?>")[2],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", BROKEN)
def test_a_form_that_cannot_run_is_told_before_anything_is_asked(
    kiosks: Kiosks, what: str, language: str
) -> None:
    assert BROKEN[what] != XFORM
    kiosks.pack = sample_pack(BROKEN[what])
    booth = kiosks.open()
    booth.reach_need(language)
    booth.choose("need", "apply")
    booth.choose("speaker", "myself")
    booth.choose("life_stage", "old_age")
    booth.choose("service", "heating")
    booth.press("forward")
    assert booth.view.screen == Screen.CONSENT
    told = errors(booth.view)
    assert len(told) == 2, "what happened, and what to do"
    for sentence in told:
        assert in_language(language, sentence), sentence
    assert booth.desk.drafts.current is None
    booth.press("back")
    assert booth.view.screen == Screen.SERVICE, "the kiosk goes on for whatever else it offers"


# -- a damaged database


@pytest.fixture
def damaged(kiosks: Kiosks) -> Path:
    """A data folder with somebody's answers, whose database lost a piece."""
    booth = kiosks.open()
    booth.reach_question()
    for number in range(30):
        booth.type("/data/name", f"Anna {number}")
        booth.press("forward")
        booth.press("back")
    kiosks.switch_off()
    database = kiosks.folder / "kiosk.db"
    content = bytearray(database.read_bytes())
    for at in range(4096 * 3, len(content), 4096 * 5):
        content[at : at + 64] = b"\xff" * 64
    database.write_bytes(content)
    return kiosks.folder


def opened_in_vain(folder: Path) -> Opening:
    """The kiosk's own opening, which ends on the page of trouble; the caller closes it."""
    opening = Opening(folder, Glass.panel("15.6", 1920, 1080))
    opening.window.show()
    deadline = time.monotonic() + 30
    while opening.failure is None and opening.app is None:
        assert time.monotonic() < deadline, "the kiosk neither opens nor says why"
        QTest.qWait(5)
    return opening


def test_a_damaged_database_is_told_in_every_language_and_kept_aside(qt: QApplication, damaged: Path) -> None:
    before = (damaged / "kiosk.db").read_bytes()
    opening = opened_in_vain(damaged)
    view = opening.window.page.view
    opening.close()
    assert opening.app is None
    assert view is not None
    assert view.screen == Screen.OUT_OF_ORDER
    notices = [part for part in view.body if isinstance(part, Notice)]
    assert len(notices) == len(LANGUAGES)
    for language, notice in zip(LANGUAGES, notices, strict=True):
        assert in_language(language, notice.title), notice.title
        assert in_language(language, notice.text), notice.text
    assert notices[0].title == "The kiosk's records are damaged."
    assert (damaged / "kiosk.db").read_bytes() == before, "the damaged file itself stays as it was"
    (copy,) = damaged.glob("damaged/*/kiosk.db")
    assert copy.read_bytes() == before


def test_a_kiosk_with_its_backup_restored_goes_on(qt: QApplication, kiosks: Kiosks, tmp_path: Path) -> None:
    booth = kiosks.open()
    booth.reach_question("ru")
    booth.type("/data/name", "Анна")
    booth.press("forward")
    kiosks.switch_off()
    backup = Path(shutil.copy2(kiosks.folder / "kiosk.db", tmp_path / "backup.db"))
    (kiosks.folder / "kiosk.db").write_bytes(b"\xff" * 8192)
    opening = opened_in_vain(kiosks.folder)
    failure = opening.failure
    opening.close()
    assert failure is not None
    shutil.copy2(backup, kiosks.folder / "kiosk.db")
    again = kiosks.open(Screen.MOMENT)
    assert again.view.screen == Screen.QUESTION
    session = again.visit.errand.session
    assert session is not None
    assert session.value(Ref("/data/name")) == "Анна"


# -- a full disk


@pytest.fixture
def cramped(tmp_path: Path) -> Iterator[Kiosks]:
    """A kiosk on a disk of three megabytes."""
    with mounted(tmp_path / "disk", 3) as disk:
        kiosks = Kiosks(disk / "data", tmp_path / "runtime")
        yield kiosks
        kiosks.switch_off()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_disk_is_told_and_the_answer_stays_on_the_page(cramped: Kiosks, language: str) -> None:
    booth = cramped.open()
    booth.reach_question(language)
    ballast = fill(cramped.folder.parent)
    name = _answer_until_refused(booth)
    assert booth.view.screen == Screen.QUESTION
    told = errors(booth.view)
    assert told[0] == texts_for(language).say("The disk of this kiosk is full.")
    for sentence in told:
        assert in_language(language, sentence), sentence
    field = next(part for part in booth.view.body if isinstance(part, TextField))
    assert field.value == name, "what was written stays on the page"
    booth.press("forward")
    assert errors(booth.view) == told, "still full, still here"

    ballast.unlink()
    booth.press("forward")
    assert not booth.view.errors
    booth.type("/data/rooms", "2")
    booth.press("forward")
    cramped.switch_off()
    again = cramped.open(Screen.MOMENT)
    session = again.visit.errand.session
    assert session is not None
    assert session.value(Ref("/data/name")) == name
    assert session.value(Ref("/data/rooms")) == "2"
    again.choose("/data/stove", "gas")
    again.press("forward")
    while again.view.screen != Screen.CHECK:
        again.press("forward")
    again.hand_in()


def _answer_until_refused(booth: Booth) -> str:
    """Corrects a name again and again: each time is one more write. Gives the name that found no room."""
    for number in range(300):
        name = f"Anna {number} of Market Square 1"
        booth.type("/data/name", name)
        booth.press("forward")
        if booth.view.errors:
            return name
        booth.press("back")
    raise AssertionError("the disk never filled up")


# -- a network that answers in the hub's place

PORTAL = page("200 OK", b"<html><body><h1>Free Wi-Fi</h1>Please sign in</body></html>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_in_the_hub_s_place_is_told_and_the_application_arrives_once(
    tmp_path: Path, language: str
) -> None:
    with Way(answering(PORTAL)) as portal, lined_kiosk(tmp_path, by_way_of=portal.url) as kiosk:
        _, reference = kiosk.apply(language)
        failed = kiosk.tried()
        assert failed.state is LineState.FAILED
        assert failed.fault is not None
        for message in (failed.fault.title, failed.fault.advice):
            assert in_language(language, texts_for(language).message(message))
        assert (kiosk.waiting(), kiosk.arrivals()) == (1, [])

        kiosk.sign_in(language)
        assert texts_for(language).message(failed.fault.title) in sentences(kiosk.booth.view)
        kiosk.booth.press("forward")
        kiosk.until_page_says(texts_for(language).say("It did not go through"))

        portal.become(forwarding(kiosk.hub.url))
        assert kiosk.tried().state is LineState.IDLE
        assert (kiosk.waiting(), kiosk.arrivals()) == (0, [reference])
        assert kiosk.tried().state is LineState.IDLE
        assert kiosk.arrivals() == [reference], "once and not twice"


# -- a wrong clock


@pytest.mark.parametrize(("years", "language"), [(-10, "ru"), (10, "ko"), (10, "en")])
def test_a_clock_that_is_years_off_keeps_nobody_from_their_answer(
    tmp_path: Path, years: int, language: str
) -> None:
    with lined_kiosk(tmp_path, wrong=timedelta(days=365 * years)) as kiosk:
        code, reference = kiosk.apply(language)
        assert kiosk.tried().state is LineState.IDLE
        assert (kiosk.waiting(), kiosk.arrivals()) == (0, [reference])
        kiosk.hub.server.caseworker.decide(reference, Decision("granted", by="Fund", share=True))
        assert kiosk.tried().state is LineState.IDLE
        kiosk.look_up(language, code)
        assert kiosk.booth.view.screen == Screen.FOUND, sentences(kiosk.booth.view)
        newest = next(part for part in kiosk.booth.view.body if isinstance(part, Notice))
        assert newest.title == texts_for(language).say("Granted")
        assert in_language(language, newest.title)
