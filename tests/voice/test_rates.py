"""How fast the voices really speak (H3), measured on audio."""

from itertools import pairwise

import pytest

from kiosk.voice.paces import LANGUAGES, UNITS_A_MINUTE
from kiosk.voice.port import Rate, Words
from kiosk.voice.render import ChildRenderer
from kiosk.voice.stretch import stretched
from kiosk.voice.wave_form import level_of, pcm_of, read_wav, samples_of
from tests.voice.passages import PASSAGES, spoken_units

SENTENCES = {
    "en": ("What is your name?", "one, two, three, four", "Please choose how you heat your home."),
    "ru": ("Как вас зовут?", "один, два, три, четыре", "Выберите, чем вы отапливаете дом."),
    "ko": ("성함이 어떻게 되세요?", "일, 이, 삼, 사", "댁의 난방 방식을 골라 주세요."),
}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_passage_of_at_least_150_words_is_spoken_at_the_starting_rate(
    renderer: ChildRenderer, language: str
) -> None:
    passage = " ".join(PASSAGES[language].split())
    assert len(passage.split()) >= 150
    clip = renderer.render(Words(passage, language))
    a_minute = 60 * spoken_units(language) / clip.seconds
    assert a_minute == pytest.approx(UNITS_A_MINUTE[language], rel=0.03)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_clip_at_each_rate_lasts_as_long_as_its_rate_says(renderer: ChildRenderer, language: str) -> None:
    for sentence in SENTENCES[language]:
        usual = renderer.render(Words(sentence, language)).seconds
        for rate in Rate:
            seconds = renderer.render(Words(sentence, language, rate)).seconds
            assert seconds == pytest.approx(usual * 100 / rate, rel=0.1), (sentence, rate)


def test_seven_steps_are_equally_far_apart() -> None:
    steps = list(Rate)
    assert len(steps) == 7
    for lower, upper in pairwise(steps):
        assert upper / lower == pytest.approx(2 ** (1 / 3), rel=0.01)


@pytest.mark.parametrize("factor", [0.63, 1.26, 1.58, 2.0])
def test_stretching_keeps_pitch_and_level(renderer: ChildRenderer, factor: float) -> None:
    pcm, sample_rate = read_wav(renderer.render(Words("Please look at it calmly, and go on.", "en")).wav)
    longer = stretched(pcm, sample_rate, factor)
    assert len(longer) == pytest.approx(len(pcm) * factor, rel=0.001)
    assert level_of(longer) == pytest.approx(level_of(pcm), abs=1.0)
    assert _pitch(longer, sample_rate) == pytest.approx(_pitch(pcm, sample_rate), rel=0.05)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_pure_tone_stays_one(factor: float) -> None:
    import numpy as np

    tone = (9000 * np.sin(2 * np.pi * 200 * np.arange(22050) / 22050)).astype("<i2").tobytes()
    made = np.frombuffer(stretched(tone, 22050, factor), "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    strongest = np.argmax(spectrum) * 22050 / len(made)
    assert strongest == pytest.approx(200, abs=2)


def test_clip_too_short_to_stretch_is_left_as_it_is() -> None:
    pcm = pcm_of(samples_of(bytes(200)))
    assert stretched(pcm, 22050, 2.0) == pcm


def _pitch(pcm: bytes, sample_rate: int) -> float:
    """Median pitch in Hz of the voiced parts, by autocorrelation."""
    import numpy as np

    samples = np.frombuffer(pcm, "<i2").astype(float)
    window, found = sample_rate // 18, []
    for start in range(0, len(samples) - window, window // 2):
        piece = samples[start : start + window]
        if np.sqrt((piece**2).mean()) < 1500:
            continue
        likeness = np.correlate(piece, piece, "full")[window - 1 :]
        lag = sample_rate // 300 + int(np.argmax(likeness[sample_rate // 300 : sample_rate // 60]))
        if likeness[lag] > 0.5 * likeness[0]:
            found.append(sample_rate / lag)
    assert len(found) > 20
    return float(np.median(found))
