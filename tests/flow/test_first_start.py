"""From an empty machine to a kiosk that works: at most eight pages, each but one can wait, none is lost."""

from pathlib import Path

import pytest

from kiosk.errors import Message
from kiosk.flow.comfort import Comfort
from kiosk.flow.table import Screen
from kiosk.flow.view import Choices, Code, Notice, Picture
from kiosk.operators import Part
from kiosk.receipts import FolderPrinter, PrinterStatus
from kiosk.store import Setting
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks
from tests.flow.test_staff import to_today
from tests.receipts.reading import writing

MOST_PAGES = 8


@pytest.fixture
def tray(kiosks: Kiosks, tmp_path: Path) -> Path:
    folder = tmp_path / "tray"
    folder.mkdir()
    kiosks.printer = FolderPrinter(folder)
    kiosks.no_sticks.enrolled = False
    return folder


def begin(kiosks: Kiosks) -> Booth:
    return kiosks.open(Screen.MOMENT, set_up=False)


def until(booth: Booth, id: str) -> None:
    """The page looks for something by itself."""

    def offered() -> bool:
        found = buttons(booth.view).get(id)
        return found is not None and found.enabled

    booth.pump.until(offered)


def page(booth: Booth) -> str:
    """Which part of the set-up is shown."""
    assert booth.view.screen == Screen.FIRST_START, sentences(booth.view)
    return booth.view.key.split(":")[1]


def do_language(booth: Booth, _: Kiosks) -> None:
    booth.choose("language", "ru")
    booth.press("forward")


def do_size(booth: Booth, _: Kiosks) -> None:
    booth.press("wider")
    booth.press("forward")


def do_sound(booth: Booth, _: Kiosks) -> None:
    for press in ("hear", "louder", "slower", "forward"):
        booth.press(press)


def do_printer(booth: Booth, _: Kiosks) -> None:
    until(booth, "forward")
    booth.press("forward")
    booth.press("forward")


def do_centre(booth: Booth, _: Kiosks) -> None:
    for field, text in (("name", "Дом у парка"), ("address", "Парковая, 3"), ("phone", "8 800 555")):
        booth.type(field, text)
    booth.press("forward")


def do_coordinator(booth: Booth, kiosks: Kiosks) -> None:
    booth.type("code", kiosks.first_start_code.replace(" ", ""))
    booth.press("forward")
    booth.type("name", "Мария")
    booth.press("forward")
    for field in ("pin", "pin_again"):
        booth.type(field, PIN)
        booth.press("forward")
    booth.press("forward")


def do_hub(booth: Booth, _: Kiosks) -> None:
    until(booth, "forward")
    booth.type("address", "hub.example.org")
    booth.type("code", "123456789012")
    booth.press("forward")
    booth.press("forward")


DO = {
    Part.LANGUAGE: do_language,
    Part.SIZE: do_size,
    Part.SOUND: do_sound,
    Part.PRINTER: do_printer,
    Part.CENTRE: do_centre,
    Part.COORDINATOR: do_coordinator,
    Part.HUB: do_hub,
}


def walk_to(booth: Booth, kiosks: Kiosks, part: Part) -> None:
    for each in Part:
        if each is part:
            return
        DO[each](booth, kiosks)


def setting(kiosks: Kiosks, name: Setting) -> str | None:
    return kiosks.lane.submit(lambda r: r.settings.get(name)).result()


def test_the_set_up_has_eight_pages_and_leads_to_a_kiosk_that_works(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    pages = []
    for part in Part:
        assert page(booth) == part
        pages.append(booth.view.where)
        if part is not Part.PRACTICE:
            DO[part](booth, kiosks)
    assert len(set(pages)) == len(pages) <= MOST_PAGES
    assert pages[-1] == f"Настройка: шаг {len(pages)} из {len(pages)}"
    booth.press("later")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.signed_in is None, "whoever set it up is signed out"
    assert kiosks.pane.used == ["1920x1080 10.80000"]
    assert kiosks.bench.enrolled == [("https://hub.example.org", "123456789012")]
    assert setting(kiosks, Setting.CENTRE_NAME) == "Дом у парка"
    assert booth.desk.centre.address == "Парковая, 3"
    (test_page,) = tray.glob("*.pdf")
    assert all(piece.size >= 14 for piece in writing(test_page.read_bytes()))


def test_every_page_but_language_and_coordinator_can_be_left_for_later(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    left = set()
    for part in Part:
        assert page(booth) == part
        if "later" in buttons(booth.view):
            left.add(part)
            booth.press("later")
        else:
            DO[part](booth, kiosks)
    assert left == set(Part) - {Part.LANGUAGE, Part.COORDINATOR}
    assert booth.view.screen == Screen.WELCOME


@pytest.mark.parametrize("part", [part for part in Part if part not in (Part.LANGUAGE, Part.COORDINATOR)])
def test_what_was_left_is_told_to_the_coordinator_and_done_from_their_page(
    kiosks: Kiosks, tray: Path, part: Part
) -> None:
    booth = begin(kiosks)
    for each in Part:
        if each is part or each is Part.PRACTICE:
            booth.press("later")
        else:
            DO[each](booth, kiosks)
    to_today(booth)
    assert any(text.startswith("Still to be set up: ") for text in sentences(booth.view))
    booth.press("opening")
    booth.pump.until(lambda: "again" in buttons(booth.view))
    count = 1 if part is Part.PRACTICE else 2
    assert any(text.startswith(f"{count} thing") and "left" in text for text in sentences(booth.view))
    booth.press("forward")
    booth.press("rules")
    booth.press("set_up")
    booth.press(f"do:{part}")
    if part is Part.PRACTICE:
        booth.press("back")
    else:
        DO[part](booth, kiosks)
        assert part not in booth.desk.setting_up.progress().open
    assert booth.view.screen == Screen.SET_UP


@pytest.mark.parametrize("part", [part for part in Part if part is not Part.LANGUAGE])
def test_a_power_cut_continues_on_the_page_where_it_broke_off(kiosks: Kiosks, tray: Path, part: Part) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, part)
    assert page(booth) == part
    kiosks.switch_off()
    again = begin(kiosks)
    if part in (Part.HUB, Part.PRACTICE):
        # There is a coordinator by now: nobody else goes on.
        again.type("pin", "408318")
        again.press("forward")
        assert again.visit.signed_in is None
        again.clock.move(seconds=5)
        again.type("pin", PIN)
        again.press("forward")
    assert page(again) == part
    assert again.view.language == "ru"


def test_a_power_cut_before_the_sheet_was_written_down_makes_another(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.COORDINATOR)
    booth.type("code", kiosks.first_start_code.replace(" ", ""))
    booth.press("forward")
    booth.type("name", "Мария")
    booth.press("forward")
    for field in ("pin", "pin_again"):
        booth.type(field, PIN)
        booth.press("forward")
    (first,) = (part.groups for part in booth.view.body if isinstance(part, Code))
    kiosks.switch_off()
    again = begin(kiosks)
    again.type("pin", PIN)
    again.press("forward")
    (second,) = (part.groups for part in again.view.body if isinstance(part, Code))
    assert len(second) == 7
    assert second != first
    again.press("forward")
    assert page(again) == Part.HUB


def test_whoever_cannot_go_on_leaves_the_rest_and_the_kiosk_can_be_used(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.HUB)
    kiosks.switch_off()
    again = begin(kiosks)
    again.press("later")
    assert again.view.screen == Screen.WELCOME
    assert again.desk.setting_up.progress().open == (Part.HUB, Part.PRACTICE)
    kiosks.switch_off()
    assert begin(kiosks).view.screen == Screen.WELCOME


def test_back_leads_through_the_pages_and_never_to_a_second_coordinator(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.COORDINATOR)
    for part in (Part.CENTRE, Part.PRINTER, Part.SOUND, Part.SIZE, Part.LANGUAGE):
        booth.press("back")
        assert page(booth) == part
    assert "back" not in buttons(booth.view)
    walk_to(booth, kiosks, Part.HUB)
    assert "back" not in buttons(booth.view)


def test_the_next_person_hears_the_voice_as_it_was_set_up(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.PRINTER)
    wanted = Comfort(rate=3, volume=4)
    assert booth.desk.comfort == wanted
    for _ in range(2):
        booth.press("later")
    do_coordinator(booth, kiosks)
    for _ in range(2):
        booth.press("later")
    assert booth.visit.comfort == wanted
    assert booth.reader.comforts[-1] == wanted
    assert setting(kiosks, Setting.SOUND) == "3 4"


def test_silence_is_told_what_to_do_about(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.SOUND)
    booth.press("hear")
    assert booth.reader.read_views[-1].title.startswith("Добрый день.")
    booth.press("nothing")
    assert any("Колонка включена" in text for text in sentences(booth.view)) or len(booth.view.body) > 6


def test_a_page_that_did_not_come_out_is_printed_again_or_left(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.PRINTER)
    until(booth, "forward")
    booth.press("forward")
    booth.press("no")
    booth.press("back")
    until(booth, "forward")
    booth.press("forward")
    assert len(list(tray.glob("*.pdf"))) == 2
    booth.press("later")
    assert Part.PRINTER in booth.desk.setting_up.progress().open


class Two(FolderPrinter):
    """A centre with two printers, of which the system has no favourite."""

    def names(self) -> tuple[str, ...]:
        return ("front", "office")

    def status(self) -> PrinterStatus:
        return PrinterStatus(False, Message("There is no printer here."))


def test_where_there_are_two_printers_nobody_is_told_that_there_is_none(kiosks: Kiosks, tray: Path) -> None:
    kiosks.printer = Two(tray)
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.PRINTER)
    booth.pump.until(lambda: any(isinstance(part, Choices) for part in booth.view.body))
    assert not any(isinstance(part, Notice) for part in booth.view.body)
    assert not buttons(booth.view)["forward"].enabled
    booth.choose("printer", "office")
    assert buttons(booth.view)["forward"].enabled


def test_the_card_is_drawn_and_nothing_is_used_before_it_fits(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.SIZE)
    booth.press("wider")
    assert any(isinstance(part, Picture) and part.wide_mm > 90 for part in booth.view.body)
    assert kiosks.pane.used == []


def test_a_hub_needs_an_address_and_a_whole_code(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.HUB)
    until(booth, "forward")
    booth.press("forward")
    assert {error.field for error in booth.view.errors} == {"address", "code"}
    assert kiosks.bench.enrolled == []


def test_by_stick_leads_back_to_the_set_up(kiosks: Kiosks, tray: Path) -> None:
    booth = begin(kiosks)
    walk_to(booth, kiosks, Part.HUB)
    booth.press("stick")
    assert booth.view.screen == Screen.STICK
    booth.press("back")
    assert page(booth) == Part.HUB
