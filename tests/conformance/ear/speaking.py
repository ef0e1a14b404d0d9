"""How fast the voices really speak (H3), measured on their audio."""

from kiosk.voice.paces import LANGUAGES, UNITS_A_MINUTE
from kiosk.voice.port import Rate, Words
from kiosk.voice.render import ChildRenderer
from tests.voice.passages import PASSAGES, spoken_units
from tests.voice.test_rates import SENTENCES

Row = tuple[str, str, str, str, bool]


def rates() -> list[Row]:
    renderer = ChildRenderer()
    renderer.start()
    try:
        return [row for language in sorted(LANGUAGES) for row in _of(renderer, language)]
    finally:
        renderer.close()


def _of(renderer: ChildRenderer, language: str) -> list[Row]:
    passage = " ".join(PASSAGES[language].split())
    a_minute = 60 * spoken_units(language) / renderer.render(Words(passage, language)).seconds
    wanted = UNITS_A_MINUTE[language]
    worst = 0.0
    for sentence in SENTENCES[language]:
        usual = renderer.render(Words(sentence, language)).seconds
        for rate in Rate:
            seconds = renderer.render(Words(sentence, language, rate)).seconds
            worst = max(worst, abs(seconds / (usual * 100 / rate) - 1))
    unit = "syllables" if language == "ko" else "words"
    return [
        (
            f"{unit} a minute, {language}",
            f"{wanted}",
            f"{a_minute:.0f}",
            "H3",
            abs(a_minute / wanted - 1) < 0.03,
        ),
        (f"worst of 7 rates, {language}", "10 %", f"{100 * worst:.1f} %", "H3", worst < 0.1),
    ]
