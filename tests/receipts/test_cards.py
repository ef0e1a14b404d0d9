"""The cards beside the kiosk: five pages in each language, readable from a step away."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.receipts.cards import CARDS
from kiosk.texts import LANGUAGES, texts_for
from tests.receipts.reading import letters, page_letters, pages, writing
from ui.commands import opora


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_card_is_one_page_with_its_words_and_a_picture(tmp_path: Path, language: str) -> None:
    file = tmp_path / "cards.pdf"
    arguments = ["cards", str(file), "--language", language, "--data", str(tmp_path / "none")]
    done = CliRunner().invoke(opora, arguments)
    assert done.exit_code == 0, done.output
    content, say = file.read_bytes(), texts_for(language).say
    assert len(pages(content)) == len(CARDS) == 5
    for card, page, shown in zip(CARDS, pages(content), page_letters(content), strict=True):
        assert len(page.images) == 1, card.title
        for text in (card.title, *card.steps, card.comfort):
            assert letters(say(text)) in shown, text
    assert min(piece.size for piece in writing(content)) >= 18


def test_whom_to_call_stands_on_each_where_it_is_known(tmp_path: Path) -> None:
    from kiosk.store import Setting
    from tests.store.opened import opened

    with opened(tmp_path / "data") as store:
        store.lane.submit(lambda r: r.settings.put(Setting.CENTRE_PHONE, "+1 555 0101")).result()
        file = tmp_path / "cards.pdf"
        done = CliRunner().invoke(opora, ["cards", str(file), "--data", str(tmp_path / "data")])
        assert done.exit_code == 0, done.output
    assert all("+15550101" in page for page in page_letters(file.read_bytes()))
