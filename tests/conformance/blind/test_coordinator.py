"""A coordinator who sees nothing sets up the screen, as far as ears can: three keys and what is said."""

from pathlib import Path

import pytest

from kiosk.flow.table import Screen
from kiosk.texts import OWN_NAMES, texts_for
from tests.conformance.blind import kiosk
from tests.conformance.blind.keys import Key, Keys
from tests.conformance.blind.language import Language
from tests.conformance.blind.typist import Typist
from ui.demonstration import COORDINATOR, PIN

MOST = 80

pytestmark = pytest.mark.timeout(600)


def stand_on(keys: Keys, ending: str) -> tuple[str, ...]:
    """Goes on until what is said first of a place ends like this; gives all that was said there."""
    for _ in range(MOST):
        heard = keys.press(Key.NEXT)
        if heard and any(sentence.endswith(ending) for sentence in heard[:2]):
            return heard
    raise AssertionError(f"{ending!r} is nowhere on the page")


def choose(keys: Keys, ending: str) -> tuple[str, ...]:
    stand_on(keys, ending)
    return keys.press(Key.CHOOSE)


@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(each, marks=pytest.mark.proof) for each in ("ru", "ko"))]
)
def test_pages_of_the_screen_are_gone_through_by_ear(tmp_path: Path, language: str) -> None:
    say = texts_for(language).say
    with kiosk.opened(tmp_path / "kiosk", kiosk.demo_pack(tmp_path), keys=3) as (keys, app):

        def where() -> Screen:
            return app.conductor.screen

        keys.listen()
        choose(keys, OWN_NAMES[language])
        choose(keys, say("Settings"))
        choose(keys, say("With headphones"))
        choose(keys, say("Done"))
        choose(keys, say("For volunteers"))
        choose(keys, COORDINATOR)
        stand_on(keys, say("Digits are written here."))
        Typist(keys, Language(language)).write(PIN)
        choose(keys, say("Sign in"))
        assert where() is Screen.TODAY
        choose(keys, say("The centre"))
        choose(keys, say("Set up the screen"))
        assert where() is Screen.GLASS
        before = app.window.look.glass
        heard = choose(keys, say("Wider"))
        assert heard, "a press is answered"
        heard = choose(keys, say("It fits"))
        assert heard[0] == say("Can you see both squares?")
        assert app.window.look.glass.per_mm != before.per_mm, "what fitted is used at once"
        assert any(say("A black field and a white field, each with a faint square") in each for each in heard)
        heard = choose(keys, say("I see both"))
        assert heard[0] == say("Touch all five marks")
        for place in ("Top left", "Top right", "In the middle", "Bottom left"):
            heard = choose(keys, say(place))
            assert say("Chosen.") in heard
        heard = choose(keys, say("Bottom right"))
        assert heard[0] == say("The touch test has ended")
        assert any(say("The screen answers everywhere") in each for each in heard)
        choose(keys, say("Done"))
        assert where() is Screen.RULES
