"""The order of pages is data: every row is real, and there is no dead end."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from kiosk.flow.book import BOOK
from kiosk.flow.pages.help import ABOUT, NOTHING_TO_LEAVE
from kiosk.flow.table import OVERLAY_TABLE, OVERLAYS, TABLE, Outcome, Screen, after


def source_of(screen: Screen) -> str:
    """With the pages within it, where it has such."""
    page = Path(inspect.getfile(BOOK[screen]))
    within = page.parents[1].glob("setting_up/*.py") if "SetUpPage" in page.read_text() else ()
    once = {"language.py", "coordinator.py"} if screen is Screen.SET_UP else set()
    return "".join(file.read_text() for file in (page, *within) if file.name not in once)


def test_every_screen_has_a_page() -> None:
    assert set(BOOK) == set(Screen)
    assert all(page.screen is screen for screen, page in BOOK.items())


def test_every_page_has_a_view_of_its_own_that_names_its_screen() -> None:
    for screen in Screen:
        module = import_module(f"kiosk.flow.pages.{screen}")
        name = "".join(word.capitalize() for word in screen.split("_")) + "View"
        assert getattr(module, name).screen == screen


def test_every_page_can_be_reached_from_the_first_paint() -> None:
    reached = {Screen.MOMENT, *OVERLAYS, Screen.OUT_OF_ORDER}
    rows = {**TABLE, **OVERLAY_TABLE}
    while True:
        further = {to for (start, _), to in rows.items() if start in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(Screen)


def test_from_every_page_there_is_a_way_back_to_welcome() -> None:
    home = {Screen.WELCOME}
    rows = {**TABLE, **OVERLAY_TABLE}
    while True:
        further = {start for (start, _), to in rows.items() if to in home} - home
        if not further:
            break
        home |= further
    # Help offers to leave wherever there is something to leave; an overlay returns to the page under it.
    assert home | OVERLAYS >= NOTHING_TO_LEAVE


@pytest.mark.parametrize("screen", Screen)
def test_whoever_finishes_comes_to_welcome_and_whatever_breaks_to_the_failsafe(screen: Screen) -> None:
    assert after(screen, Outcome.FINISHED) is Screen.WELCOME
    assert after(screen, Outcome.BROKEN) is Screen.OUT_OF_ORDER


def test_every_outcome_that_a_page_names_is_in_the_table_for_it() -> None:
    shared = {Outcome.FINISHED, Outcome.BROKEN}
    for screen in BOOK:
        source = source_of(screen)
        for name in re.findall(r"\.go\(Outcome\.([A-Z_]+)\)", source):
            outcome = Outcome[name]
            assert outcome in shared or isinstance(after(screen, outcome), Screen), (screen, outcome)


def test_a_row_that_no_page_and_no_walk_can_come_to_is_not_in_the_table() -> None:
    walked = {Outcome.TO_QUESTION, Outcome.TO_MEMBERS, Outcome.TO_CHECK, Outcome.CONTINUE_DRAFT}
    handed_in = {Outcome.STORED}
    for screen, outcome in (*TABLE, *OVERLAY_TABLE):
        source = source_of(screen)
        possible = {Outcome[name] for name in re.findall(r"Outcome\.([A-Z_]+)", source)}
        if "walk" in source or "resume(" in source:
            possible |= walked
        if "hand_in(" in source or screen is Screen.MOMENT:
            possible |= handed_in
        if "stage.practise" in source:
            possible |= {Outcome.PRACTISE}
        if "def back(" not in source:
            possible |= {Outcome.BACK}
        assert outcome in possible, f"({screen}, {outcome}) is a row that nothing comes to"


def test_help_has_words_for_every_page() -> None:
    assert set(ABOUT) == set(Screen)
