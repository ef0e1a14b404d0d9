"""Entries as a coordinator reads them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from kiosk.ids import EntryId
from kiosk.journal import Action
from kiosk.journal.chain import Entry
from kiosk.journal.wording import SETTINGS, in_words
from kiosk.operators import rules
from kiosk.operators.setting_up import SETTINGS as SET_UP
from kiosk.texts import LANGUAGES, texts_for


def entry(action: str, subject: str) -> Entry:
    return Entry(
        1, EntryId(uuid4()), datetime(2026, 11, 26, tzinfo=UTC), "kiosk", action, subject, {}, b"", b""
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_that_is_journalled_is_told_by_words_and_not_by_its_name(language: str) -> None:
    journalled = {*rules._SETTINGS.values(), *SET_UP}
    assert set(SETTINGS) == journalled
    told = {in_words(entry(Action.SETTING_CHANGED, name), texts_for(language), {}) for name in journalled}
    assert len(told) == len(journalled)
    names = [name for name in journalled if "-" in name]
    assert not any(name in sentence for name in names for sentence in told)


def test_what_a_newer_version_wrote_stands_as_it_is() -> None:
    english = texts_for("en")
    told = in_words(entry(Action.SETTING_CHANGED, "night-light"), english, {})
    assert told == "A setting was changed: night light"
    assert in_words(entry("moon-landed", ""), english, {}) == "moon-landed"


def test_what_left_the_kiosk_is_named() -> None:
    told = in_words(entry(Action.EXPORTED, "usb"), texts_for("ru"), {})
    assert told == "Из киоска записано наружу: то, что ждёт отправки, на флешку"
