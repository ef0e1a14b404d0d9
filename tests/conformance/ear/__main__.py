"""``python -m tests.conformance.ear``: the voice's figures against ACCESS H3, H5 and H6, as a table."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from rich.console import Console

from tests.bench.figures import p99, show
from tests.conformance.ear.listening import Booth, opened
from tests.conformance.ear.recognising import word_error_rates
from tests.conformance.ear.speaking import rates
from tests.voice.sound import SoundServer

SPOKEN_SECONDS = 0.2
"""Of each place before it is cut."""
KNOWN_MS, NEW_MS, SILENT_MS = 150, 300, 100
Row = tuple[str, str, str, str, bool]


def spread(values: Sequence[float]) -> str:
    return f"{median(values):.0f}, {p99(values):.0f}"


def _walked(booth: Booth, actions: int) -> tuple[list[float], list[float], list[float]]:
    """Key presses until words begin, and presses until they end; every place was heard once before."""
    booth.app.speech.set_gain(0.0)  # a level is the clip's own, not the loudness that somebody chose
    for _ in range(12):
        booth.next()
        booth.rest()
    sounds, silences, levels = list[float](), list[float](), list[float]()
    while len(sounds) < actions:
        sounds.append(booth.to_sound(booth.next))
        in_a_word = booth.listen_into_a_word(SPOKEN_SECONDS)
        levels.append(booth.level())
        if in_a_word:
            silences.append(booth.to_silence(booth.stop_reading))
    return sounds, silences, levels


def _new_words(booth: Booth, actions: int) -> list[float]:
    found = []
    for number in range(actions):
        booth.rest()
        found.append(booth.to_sound(lambda number=number: booth.say(f"Garden street {number}")))  # type: ignore[misc]
        booth.app.speech.stop()
    return found


def measured(folder: Path, actions: int) -> list[Row]:
    with opened(folder) as booth:
        booth.hush()
        five = booth.five_seconds()
        both, frames = booth.overlapping(60)
        sounds, silences, levels = _walked(booth, actions)
        new = _new_words(booth, max(20, actions // 4))
    return [
        ("a clip of 5 s lasts", "5 s", f"{five:.2f} s", "device", abs(five - 5) < 0.1),
        (f"key to first sample, known words ({len(sounds)})", f"{KNOWN_MS} ms", spread(sounds), "H5",
         p99(sounds) <= KNOWN_MS),
        (f"action to first sample, new words ({len(new)})", f"{NEW_MS} ms", spread(new), "H5",
         p99(new) <= NEW_MS),
        (f"press to silence ({len(silences)})", f"{SILENT_MS} ms", spread(silences), "H6",
         p99(silences) <= SILENT_MS),
        ("moments with two clips at once", "0", f"{both} of {frames}", "H2", both == 0),
        ("level of speech, dB of full scale", "-26 to -9", f"{median(levels):.1f}", "H4",
         -26 < median(levels) < -9),
    ]  # fmt: skip


@click.command()
@click.option("--actions", default=200, show_default=True)
@click.option("--only-times", is_flag=True, help="Leave out rates and recognition, which no load disturbs.")
def ear(actions: int, only_times: bool) -> None:
    """Measure, print, and fail where a figure is not met."""
    if SoundServer.missing is not None:
        click.echo(f"{SoundServer.missing} is not installed (make setup-test installs it)")
        sys.exit(2)
    gc.disable()  # windows are deleted on their own thread
    with TemporaryDirectory(prefix="opora-ear-") as folder:
        rows = measured(Path(folder), actions)
    if not only_times:
        rows += rates()
        rows += word_error_rates()
    show(
        Console(width=110),
        "The ear (median, 99th percentile)",
        ("what", "aim", "measured", "row", "verdict"),
        [(what, aim, value, row, "met" if met else "NOT MET") for what, aim, value, row, met in rows],
    )
    failed = sum(not row[4] for row in rows)
    click.echo(f"{len(rows)} figures, {failed} not met")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    ear()
