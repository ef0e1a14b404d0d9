"""Walks the flow's own pages, presenters over a real store, and keeps every view that they show.

Each language is walked in the same order with the same deeds, so that the n-th view of one language is the
n-th of another. What is found out on the way about the doing (D3, D5, D7, D9) goes straight into the ledger.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

from kiosk.errors import Message, PrintFault
from kiosk.flow.comfort import Comfort, TextSize, Theme
from kiosk.flow.desk import Line, LineState
from kiosk.flow.pages.moment import moment_view
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Choices,
    Code,
    DateField,
    FieldKind,
    SignaturePad,
    TextField,
    TimeField,
    View,
)
from kiosk.receipts import FolderPrinter, PrinterStatus, PrintJob
from kiosk.store.backup import STICK_FOLDER, make_backup
from tests.conformance.access.every_type import every_type_form
from tests.conformance.access.ledger import Ledger
from tests.flow.booth import buttons, sentences
from tests.flow.conftest import PIN, Kiosks
from tests.flow.sample_form import sample_pack
from tests.receipts.reading import writing
from tests.store.opened import centre_of, opened

LANGUAGES: Final = ("en", "ru", "ko")
NAMES: Final = {"en": "Mary Elizabeth Brown", "ru": "Петрова Анна Сергеевна", "ko": "김영희"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One view; ``name`` is the same in every language."""

    name: str
    view: View


class _Tray(FolderPrinter):
    """Prints into a folder, until it is ``jammed``."""

    jammed = False

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        if self.jammed:
            raise PrintFault(Message("The printer does not answer."), Message("Please look at the printer."))
        return super().print_pdf(pdf, title)

    def status(self) -> PrinterStatus:
        return super().status()


def walked(language: str, folder: Path, ledger: Ledger) -> tuple[Shown, ...]:
    """Every page, and every state of a page that looks different, in ``language``."""
    kiosks = Kiosks(folder / "data", folder / "runtime")
    pack = sample_pack(every_type_form())
    agencies = {id: replace(agency, wants_approval=True) for id, agency in pack.agencies.items()}
    kiosks.pack = replace(pack, agencies=agencies)
    tray = folder / "tray"
    tray.mkdir(parents=True)
    kiosks.printer = printer = _Tray(tray)
    try:
        _Walk(kiosks, printer, language, ledger).walk()
    finally:
        kiosks.switch_off()
    for paper in sorted(tray.glob("*.pdf")):
        for piece in writing(paper.read_bytes()):
            ledger.at_least("S10", piece.size, 14, f"receipt, {language}: “{piece.text[:40]}”", " pt")
    return tuple(_each_once(kiosks.shown))


def _each_once(views: list[View]) -> Iterator[Shown]:
    seen: set[str] = set()
    count: dict[str, int] = {}
    for view in views:
        if ":looking:" in view.key and f"{view.screen} looks" in seen:
            # A check that shows one line after the other: the first of them and the last are looked at.
            continue
        if ":looking:" in view.key:
            seen.add(f"{view.screen} looks")
        shape = f"{_without_language(view)} {_shape(view)}"
        if shape not in seen:
            seen.add(shape)
            count[view.screen] = count.get(view.screen, 0) + 1
            yield Shown(f"{view.screen}#{count[view.screen]}", view)


def _without_language(view: View) -> str:
    return ":".join(piece for piece in view.key.split(":") if piece not in LANGUAGES and not piece.isdigit())


def _shape(part: object) -> str:
    """What a part is made of, whatever it says: two views of one shape look alike."""
    if isinstance(part, Enum) or part is None or isinstance(part, bool):
        return str(part)
    if isinstance(part, tuple):
        return "(" + ",".join(_shape(each) for each in part) + ")"
    if is_dataclass(part):
        inner = (_shape(getattr(part, each.name)) for each in fields(part) if each.name != "language")
        return f"{type(part).__name__}<{';'.join(inner)}>"
    return "·" if part else ""


class _Walk:
    def __init__(self, kiosks: Kiosks, printer: _Tray, language: str, ledger: Ledger) -> None:
        self._kiosks = kiosks
        self._printer = printer
        self._language = language
        self._ledger = ledger
        kiosks.shown.append(moment_view(language))
        self._booth = kiosks.open(Screen.MOMENT, set_up=False)
        self._code = ""

    def walk(self) -> None:
        self._first_start()
        self._settings()
        self._idle()
        self._apply()
        self._leave_and_return()
        self._codes()
        self._volunteers()
        self._voice_off()
        self._broken()

    # -- what a person does with any page

    def _forward(self) -> None:
        self._booth.press("forward")

    def _begin(self) -> None:
        """To the ways in, in this language."""
        assert self._booth.view.screen == Screen.WELCOME, sentences(self._booth.view)
        self._booth.choose("language", self._language)

    def _to_questions(self) -> None:
        booth = self._booth
        self._begin()
        booth.choose("need", "apply")
        booth.choose("speaker", "relative")
        self._forward()
        self._fill()
        self._forward()
        booth.choose("life_stage", "old_age")
        booth.choose("service", "heating")
        booth.choose("volunteer", "yes")
        self._forward()

    def _fill(self) -> None:
        """Answers what the page asks, as far as its parts are of the known kinds."""
        booth = self._booth
        for part in booth.view.body:
            if isinstance(part, Choices):
                self._choose(part)
            elif isinstance(part, DateField):
                booth.type(part.field, "1948-03-12")
            elif isinstance(part, TimeField):
                booth.type(part.field, "09:30")
            elif isinstance(part, SignaturePad):
                booth.sign(part.field)
            elif isinstance(part, TextField):
                booth.type(part.field, self._written(part))

    def _choose(self, part: Choices) -> None:
        if part.ranked:
            wanted = tuple(each for each in part.choices if not each.place)
        else:
            wanted = part.choices[-2:] if part.many else part.choices[:1]
        for each in wanted:
            if not each.chosen:
                self._booth.choose(part.field, each.value)

    def _written(self, part: TextField) -> str:
        match part.kind:
            case FieldKind.INTEGER | FieldKind.DECIMAL:
                return "12"
            case FieldKind.NATIONAL_ID:
                # A made-up number with a right check digit.
                return "4803121234563"
            case _:
                return NAMES[self._language]

    # -- the pages

    def _first_start(self) -> None:
        booth = self._booth
        self._kiosks.no_sticks.enrolled = False
        self._move_in()
        booth.choose("language", self._language)
        self._forward()
        for press in ("wider", "forward", "louder", "quieter", "hear", "nothing", "forward"):
            booth.press(press)
        self._until("forward")
        self._printer.jammed = True
        self._forward()
        self._printer.jammed = False
        for press in ("forward", "no", "forward"):
            booth.press(press)
        booth.type("name", " ")
        self._forward()
        for field in ("name", "address", "phone"):
            booth.type(field, NAMES[self._language] if field != "phone" else "+1 555 0101")
        self._forward()
        self._forward()
        booth.type("code", self._kiosks.first_start_code.replace(" ", ""))
        self._forward()
        self._forward()
        booth.type("name", NAMES[self._language])
        self._forward()
        booth.type("pin", "111111")
        self._forward()
        self._retype("pin", PIN)
        self._forward()
        booth.type("pin_again", PIN[::-1])
        self._forward()
        self._retype("pin_again", PIN)
        self._forward()
        assert any(isinstance(part, Code) for part in booth.view.body), sentences(booth.view)
        self._forward()
        self._until("forward")
        self._forward()
        booth.type("address", "hub.example.org")
        booth.type("code", "123456789012")
        self._forward()
        self._forward()
        self._kiosks.no_sticks.enrolled = True
        self._practise()

    def _move_in(self) -> None:
        """A stick with a backup that this kiosk's own coordinator could never open: far enough to be seen."""
        booth, kiosks = self._booth, self._kiosks
        booth.choose("language", self._language)
        booth.press("replaces")
        stick = kiosks.sticks / "BLUE" / STICK_FOLDER
        stick.mkdir(parents=True)
        with opened(kiosks.folder.parent / "other") as store, centre_of(store) as centre:
            make_backup(store.folder, stick, store.clock())
            code = centre.recovery_code.replace(" ", "")
        self._until("forward")
        self._forward()
        self._forward()
        booth.type("code", code)
        self._forward()
        booth.pump.until(lambda: any(isinstance(part, Choices) for part in booth.view.body))
        self._forward()
        booth.type("pin", PIN)
        self._forward()
        booth.press("back")
        while booth.view.screen == Screen.MOVING:
            booth.press("back")
        shutil.rmtree(kiosks.sticks)

    def _practise(self) -> None:
        booth = self._booth
        self._forward()
        self._ledger.check("S4", bool(booth.view.bar.note), f"practice says so, {self._language}")
        booth.press("back")
        booth.press("help")
        booth.press("leave")
        self._forward()
        assert booth.view.screen == Screen.WELCOME, sentences(booth.view)

    def _until(self, id: str) -> None:
        """Until the page, which looks for something by itself, offers the button."""

        def there() -> bool:
            booth.conductor.tick()
            found = buttons(booth.view).get(id)
            return found is not None and found.enabled

        booth = self._booth
        booth.pump.until(there)

    def _retype(self, field: str, text: str) -> None:
        self._booth.type(field, text)

    def _settings(self) -> None:
        booth = self._booth
        self._begin()
        booth.press("settings")
        booth.choose("size", TextSize.SMALL)
        booth.choose("theme", Theme.LOW_CONTRAST)
        for ends in ("slower",) * 3 + ("louder",) * 2:
            booth.press(ends)
        booth.choose("voice", "off")
        changed = booth.visit.comfort
        self._ledger.check("D5", changed != Comfort(), f"settings, {self._language}")
        self._forward()
        booth.press("help")
        booth.press("using")
        booth.press("back")
        booth.press("leave")
        self._forward()
        self._ledger.check("D5", booth.visit.comfort == Comfort(), f"the next person, {self._language}")
        self._ledger.check(
            "D5", booth.visit.language == "en", f"the next person's language, {self._language}"
        )
        self._ledger.check("H4", booth.reader.comforts[-1].volume == Comfort().volume, "the next person")

    def _idle(self) -> None:
        booth = self._booth
        self._begin()
        before = booth.view
        asked_after = 0
        while booth.view.screen != Screen.STILL_THERE and asked_after < 600:
            booth.tick(10)
            asked_after += 10
        self._ledger.check("D3", 120 <= asked_after <= 300, "alert", shown=f"after {asked_after} s")
        reads = len(booth.reader.read_views)
        for _ in range(43):
            booth.tick()
        self._ledger.check("D3", booth.view.screen == Screen.STILL_THERE, "43 s to answer")
        self._ledger.check("D3", len(booth.reader.read_views) > reads, "spoken again as it falls")
        self._forward()
        self._ledger.check("D3", booth.view == before, "any action dismisses it and the page is as it was")
        booth.press("back")

    def _apply(self) -> None:
        """The whole way, every question first left blank and then answered."""
        booth = self._booth
        self._begin()
        booth.choose("need", "apply")
        booth.choose("speaker", "relative")
        self._forward()
        self._fill()
        booth.press("back")
        booth.press("back")
        booth.press("back")
        self._to_questions()
        self._questions()
        self._check_page()
        while booth.view.screen != Screen.SIGN:
            self._forward()
        self._forward()
        self._fill()
        self._printer.jammed = True
        self._forward()
        self._code = self._code_shown()
        self._forward()
        self._printer.jammed = False
        self._forward()
        booth.press("no")
        booth.press("again")
        self._forward()
        self._forward()
        assert booth.view.screen == Screen.WELCOME, sentences(booth.view)

    def _questions(self) -> None:
        booth = self._booth
        asked: list[str] = []
        for _ in range(200):
            view = booth.view
            if view.screen == Screen.CHECK:
                break
            if view.screen == Screen.MEMBER:
                self._members()
                continue
            self._ledger.check("D9", view.key not in asked, view.title)
            asked.append(view.key)
            self._fill_or_pass()
        assert booth.view.screen == Screen.CHECK, sentences(booth.view)

    def _fill_or_pass(self) -> None:
        booth = self._booth
        key = booth.view.key
        must_be_answered = "skip" not in buttons(booth.view) and any(
            isinstance(part, TextField | DateField | TimeField | SignaturePad)
            or (isinstance(part, Choices) and not part.many)
            for part in booth.view.body
        )
        if must_be_answered:
            self._forward()
        if booth.view.key == key:
            self._fill()
            self._forward()
        if booth.view.key == key and "skip" in buttons(booth.view):
            # What does not fit the question's own rules: seen with its error, then left out.
            booth.press("skip")
        if booth.view.key == key:
            raise AssertionError(f"no way past {sentences(booth.view)}")

    def _members(self) -> None:
        booth = self._booth
        remove = [id for id in buttons(booth.view) if id.startswith("remove:")]
        if len(remove) < 2:
            booth.press("add")
            return
        booth.press(remove[-1])
        booth.press("remove")
        self._forward()

    def _check_page(self) -> None:
        booth = self._booth
        check = booth.view
        changes = [id for id in buttons(check) if id.startswith("change:")]
        rows = sum(len(getattr(part, "rows", ())) for part in check.body)
        self._ledger.check("D7", len(changes) == rows, "check page", shown=f"{len(changes)} of {rows} rows")
        booth.press(changes[0])
        self._ledger.check("D7", booth.view.screen == Screen.QUESTION, "“Change” leads to its question")
        self._forward()
        self._ledger.check("D7", booth.view == check, "and back to the check page")

    def _leave_and_return(self) -> None:
        booth = self._booth
        self._to_questions()
        booth.press("help")
        booth.press("leave")
        self._forward()
        booth.choose("way", "erase")
        booth.choose("way", "keep")
        self._forward()
        self._forward()
        code = self._code_shown()
        self._forward()
        self._begin()
        booth.choose("need", "continue")
        booth.type("code", code)
        self._forward()
        booth.press("help")
        booth.press("finish_later")
        booth.press("without")

    def _code_shown(self) -> str:
        return "".join(next(part for part in self._booth.view.body if isinstance(part, Code)).groups)

    def _codes(self) -> None:
        booth = self._booth
        self._begin()
        for need in ("continue", "look_up"):
            booth.choose("need", need)
            booth.type("code", "12345678901234567890")
            self._forward()
            booth.press("back")
        booth.choose("need", "look_up")
        booth.type("code", self._code)
        self._forward()
        assert booth.view.screen == Screen.FOUND, sentences(booth.view)
        self._forward()

    def _volunteers(self) -> None:
        booth = self._booth
        booth.wire.line = Line(LineState.IDLE)
        self._begin()
        booth.choose("need", "staff")
        booth.choose("operator", str(booth.desk.operators.names()[0].id))
        booth.type("pin", "408318")
        self._forward()
        booth.clock.move(seconds=5)
        booth.type("pin", PIN)
        self._forward()
        assert booth.view.screen == Screen.TODAY, sentences(booth.view)
        self._rounds()
        booth.press(next(id for id in buttons(booth.view) if id.startswith("copy:")))
        booth.wire.answer = Line(LineState.FAILED)
        self._forward()
        booth.pump.empty()
        booth.tick()
        booth.press(next(id for id in buttons(booth.view) if id.startswith("approve:")))
        self._forward()
        self._people()
        self._rules()
        self._lost_receipt()
        booth.press("journal")
        while booth.view.screen != Screen.TODAY:
            booth.press("back")
        booth.press("my_pin")
        for way in ("pin", "factor"):
            booth.press(way)
            booth.press("back")
        self._forward()
        booth.press("switch_off")
        booth.press("back")
        booth.press("updates")
        booth.pump.until(lambda: "forward" in buttons(booth.view))
        booth.press("back")
        if "stick" in buttons(booth.view):
            booth.press("stick")
            booth.press("back")
        booth.press("lock")
        booth.type("pin", "999919")
        self._forward()
        booth.clock.move(seconds=5)
        booth.type("pin", PIN)
        self._forward()
        booth.press("back")
        self._begin()
        booth.choose("need", "staff")
        booth.choose("operator", str(booth.desk.operators.names()[0].id))
        booth.press("forgotten")
        booth.choose("operator", str(booth.desk.operators.names()[0].id))
        booth.type("code", "1234")
        self._forward()
        while booth.view.screen != Screen.NEED:
            booth.press("back")
        booth.press("back")

    def _rounds(self) -> None:
        booth = self._booth
        for check in ("opening", "closing"):
            booth.press(check)
            booth.pump.until(lambda: "again" in buttons(booth.view))
            booth.press("print")
            self._forward()

    def _people(self) -> None:
        booth = self._booth
        booth.press("people")
        booth.press("add")
        self._forward()
        booth.type("name", NAMES[self._language])
        self._forward()
        booth.choose("role", "volunteer")
        self._forward()
        booth.choose("language", self._language)
        self._forward()
        for field in ("pin", "pin_again"):
            booth.type(field, "604188")
            self._forward()
        booth.press("back")
        booth.press("people")
        booth.press(next(id for id in buttons(booth.view) if id.startswith("left:")))
        booth.press("back")
        booth.press("back")

    def _lost_receipt(self) -> None:
        booth = self._booth
        booth.press("lost_receipt")
        booth.press(next(id for id in buttons(booth.view) if id.startswith("this:")))
        self._forward()
        booth.choose("checked", "document")
        self._forward()
        self._forward()
        assert booth.view.screen == Screen.TODAY, sentences(booth.view)

    def _rules(self) -> None:
        booth = self._booth
        booth.press("rules")
        for part in booth.view.body:
            if isinstance(part, Choices):
                booth.choose(part.field, part.choices[-1].value)
        self._glass()
        booth.press("set_up")
        for way in [id for id in buttons(booth.view) if id.startswith("do:")]:
            booth.press(way)
            booth.pump.empty()
            while booth.view.key.split(":")[1].isdigit() is False:
                booth.press("back")
        booth.press("back")
        booth.press("support")
        self._forward()
        booth.press("back")
        booth.press("cards")
        booth.press("sheet")
        self._forward()
        self._forward()
        assert booth.view.screen == Screen.TODAY, sentences(booth.view)

    def _glass(self) -> None:
        booth = self._booth
        booth.press("glass")
        for way in ("wider", "wider", "narrower"):
            booth.press(way)
        self._forward()
        self._forward()
        booth.choose("touched", "middle")
        self._forward()
        booth.press("again")
        touch = next(part for part in booth.view.body if isinstance(part, Choices))
        for each in touch.choices:
            booth.choose("touched", each.value)
        self._forward()

    def _voice_off(self) -> None:
        booth = self._booth
        booth.reader.off = Message("No loudspeaker was found.")
        self._begin()
        self._ledger.check("H9", bool(booth.view.bar.note), f"the bar says so, {self._language}")
        booth.press("settings")
        self._forward()
        booth.press("back")
        booth.reader.off = None

    def _broken(self) -> None:
        booth = self._booth
        self._begin()
        booth.conductor.broke(RuntimeError("a bug"))
        booth.bugs.clear()
        booth.pump.empty()
        self._forward()
