"""A whole application through the real window: in every language, at every text size."""

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from kiosk.texts import LANGUAGES
from tests.e2e import child

pytestmark = pytest.mark.timeout(1500)
"""A tour takes half a minute where the machine has nothing else to do."""

SIZES = ("small", "medium", "large", "extra-large")
KEYS = {
    "reference",
    "screens",
    "questions",
    "spoken_utterances",
    "stored_ms",
    "receipt_ms",
    "sync",
    "status_after",
    "seconds",
}
SEEN = {
    "welcome",
    "need",
    "who",
    "service",
    "consent",
    "question",
    "check",
    "stored",
    "came_out",
    "lookup",
    "found",
}
"""By everybody. Not everyone has a household, or a hand that signs."""


def tour(out: Path, **options: str) -> dict[str, object]:
    """Walks one; gives its report, after everything that a tour leaves behind was looked at."""
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    child.run("ui.commands", "tour", "--out", out, *flags)
    report: dict[str, object] = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    assert set(report) == KEYS
    _check_figures(report)
    _check_pictures(out, report)
    _check_paper(out, str(report["reference"]))
    return report


def _check_figures(report: dict[str, object]) -> None:
    reference, screens, sync = report["reference"], report["screens"], report["sync"]
    assert isinstance(reference, str)
    assert isinstance(screens, list)
    assert isinstance(sync, dict)
    assert len(reference) == 15
    assert reference.isdigit()
    assert set(screens) >= SEEN
    assert report["status_after"] == "granted"
    assert set(sync) == {"requests", "bytes_up", "bytes_down", "ms"}
    assert sync["requests"] >= 2, "one to hand in, one that brings the decision"
    assert 500 < sync["bytes_up"] < 100_000
    assert 500 < sync["bytes_down"] < 100_000
    for name in ("questions", "spoken_utterances", "stored_ms", "receipt_ms", "seconds"):
        value = report[name]
        assert isinstance(value, int | float)
        assert value > 0, name
    assert report["questions"] == screens.count("question")


def _check_pictures(out: Path, report: dict[str, object]) -> None:
    screens = report["screens"]
    assert isinstance(screens, list)
    pictures = sorted(out.glob("*.png"))
    assert [picture.stem.partition("-")[2] for picture in pictures] == screens
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.size == (1920, 1080), picture.name
            extremes = image.convert("L").getextrema()
            assert extremes[0] != extremes[1], f"{picture.name} is blank"


def _check_paper(out: Path, reference: str) -> None:
    text = "".join(page.extract_text() for page in PdfReader(out / "receipt.pdf").pages)
    assert reference in "".join(text.split())
    spoken = (out / "spoken.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in spoken if line.strip()], "the kiosk read nothing aloud"


def test_a_person_walks_from_the_first_touch_to_the_agency_s_answer(tmp_path: Path) -> None:
    report = tour(tmp_path / "tour")
    screens = report["screens"]
    assert isinstance(screens, list)
    assert {"member", "sign"} <= set(screens)


@pytest.mark.proof
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_walk_ends_well_in_every_language_at_every_size(tmp_path: Path, language: str, size: str) -> None:
    tour(tmp_path / "tour", language=language, size=size)


@pytest.mark.proof
@pytest.mark.parametrize(("language", "size"), [("en", "medium"), ("ru", "extra-large"), ("ko", "small")])
def test_the_walk_ends_well_on_a_larger_glass(tmp_path: Path, language: str, size: str) -> None:
    tour(tmp_path / "tour", language=language, size=size, panel="23.8")


@pytest.mark.proof
@pytest.mark.parametrize("seed", ["2", "3"])
@pytest.mark.parametrize(
    ("form", "language", "size"),
    [("home-help", "ko", "large"), ("pension-supplement", "ru", "extra-large")],
)
def test_the_walk_ends_well_with_every_form(
    tmp_path: Path, form: str, language: str, size: str, seed: str
) -> None:
    tour(tmp_path / "tour", form=form, language=language, size=size, seed=seed)


@pytest.mark.proof
def test_the_demonstration_walks_the_tour_where_there_is_no_display(tmp_path: Path) -> None:
    without = {
        name: value
        for name, value in child.environment().items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    data = tmp_path / "demo"
    # Wide enough that no path is broken over two lines.
    ended = child.run("ui.commands", "demo", "--data", data, env={**without, "COLUMNS": "300"})
    assert "There is no display here, so the tour is walked instead." in ended.stdout
    for name in ("tour.json", "receipt.pdf", "spoken.txt"):
        assert str(data / "tour" / name) in ended.stdout
        assert (data / "tour" / name).stat().st_size > 0
    pictures = len(list((data / "tour").glob("*.png")))
    assert pictures > 30
    assert f"{pictures} pictures" in ended.stdout


def test_a_form_that_the_pack_does_not_hold_is_told_before_anything_is_walked(tmp_path: Path) -> None:
    ended = subprocess.run(
        child.command("ui.commands", "tour", "--out", tmp_path / "tour", "--form", "no-such-form"),
        cwd=child.REPOSITORY,
        env=child.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode != 0
    assert "no-such-form" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "tour" / "tour.json").exists()
