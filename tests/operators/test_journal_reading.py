"""The journal for people: plain words, a table, and the first entry that does not hold."""

import csv
import io

import pytest

from kiosk.errors import SignInFault
from kiosk.journal import KIOSK, Action
from kiosk.journal.wording import WORDS, in_words, who_in_words
from kiosk.operators import JournalReading, Role
from kiosk.texts import LANGUAGES, texts_for
from tests.store.opened import Centre, Opened, another_hand


def test_every_act_has_words_of_its_own() -> None:
    assert set(WORDS) == set(Action)
    for language in LANGUAGES:
        said = [texts_for(language).say(words, subject="…") for words in WORDS.values()]
        assert len(set(said)) == len(said)


def test_the_newest_come_first_page_by_page_with_names_for_ids(store: Opened, centre: Centre) -> None:
    reading = JournalReading(store.lane, store.clock)
    newest = reading.page(centre.coordinator, count=2)
    assert [entry.number for entry in newest.entries] == [3, 2]
    assert newest.earlier
    assert newest.bad is None
    earlier = reading.page(centre.coordinator, before=2)
    assert [entry.number for entry in earlier.entries] == [1]
    assert not earlier.earlier
    texts = texts_for("ru")
    assert in_words(newest.entries[1], texts, newest.names) == "Добавлен человек: Вера"
    assert who_in_words(newest.entries[1].actor, texts, newest.names) == "Вера"
    assert who_in_words(KIOSK, texts, newest.names) == "сам киоск"


def test_a_changed_entry_is_named_and_the_others_are_still_shown(store: Opened, centre: Centre) -> None:
    with another_hand(store.database) as connection:
        connection.execute("UPDATE journal SET details = 'no json' WHERE number = 2")
    page = JournalReading(store.lane, store.clock).page(centre.coordinator)
    assert page.bad is not None
    assert page.bad.number == 2
    assert [entry.number for entry in page.entries] == [3, 1]


def test_the_table_is_whole_and_no_name_becomes_a_formula(store: Opened, centre: Centre) -> None:
    centre.operators.add(centre.coordinator, "=HYPERLINK(0)", Role.VOLUNTEER, "482917", "en")
    table = JournalReading(store.lane, store.clock).export(centre.coordinator, texts_for("en"))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["action"] == Action.EXPORTED, "that it was written out stands in it too"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_a_volunteer_reads_no_journal(store: Opened, centre: Centre) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, "482917", "ko")
    signed_in = centre.operators.sign_in(volunteer.id, "482917")
    with pytest.raises(SignInFault, match="Only the coordinator"):
        JournalReading(store.lane, store.clock).page(signed_in)
