"""``python -m tests.conformance.blind --form FILE --language ru --keys 3``: closes with ``completed``.

FILE is an XForm, or an XLSForm as Markdown tables. The demonstration's own forms (``assets/demo/forms``) have
a person who knows their facts; any other form is answered from what is heard.
"""

import gc
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kiosk.texts import LANGUAGES
from tests.conformance.blind import kiosk
from tests.conformance.blind.persons import FORMS, facts_of, way_to
from tests.conformance.blind.robot import Deaf, Diary, Facts, Robot
from tests.conformance.blind.typist import CannotWrite


def walk(form: Path, language: str, keys: int, *, headphones: bool = True) -> tuple[Diary, int]:
    """What happened, and how many presses it took. Raises :class:`Deaf`, :class:`CannotWrite`."""
    with TemporaryDirectory(prefix="opora-blind-") as folder:
        if form.resolve().parent == FORMS:
            pack = kiosk.demo_pack(Path(folder))
            facts = facts_of(pack, form.stem, language)
        else:
            pack = kiosk.pack_of(kiosk.form_in(form))
            facts = Facts(way_to(pack, str(next(iter(pack.forms))), language))
        with kiosk.opened(Path(folder) / "kiosk", pack, keys=keys) as (hands, _):
            diary = Robot(hands, language, facts, headphones=headphones).run(hands.listen())
            return diary, hands.presses


@click.command()
@click.option("--form", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--keys", type=click.Choice(["2", "3"]), default="3", show_default=True)
@click.option("--no-headphones", is_flag=True, help="Plug them in only when a page says that it is private.")
def blind(form: Path, language: str, keys: str, no_headphones: bool) -> None:
    """Fill a form in by ear, and say what could not be told by ear."""
    gc.disable()  # windows are deleted on their own thread
    began = time.monotonic()
    try:
        diary, presses = walk(form, language, int(keys), headphones=not no_headphones)
    except (Deaf, CannotWrite) as failure:
        click.echo(f"not completed: {failure}")
        sys.exit(1)
    click.echo(f"{len(diary.questions)} questions, {presses} presses, {time.monotonic() - began:.0f} s")
    click.echo(f"{len(diary.errors)} errors heard and mended, {len(diary.corrected)} answers corrected")
    click.echo(f"{len(diary.hidden)} pages hidden until headphones were chosen")
    for question in diary.left_blank:
        click.echo(f"left blank, no answer that could be guessed was taken: {question}")
    click.echo(f"the receipt was opened with its code and said {len(diary.receipt)} sentences")
    click.echo("completed")


if __name__ == "__main__":
    blind()
