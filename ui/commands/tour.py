"""`opora tour`: a whole application through the real window, as a person would walk it."""

import sys
from pathlib import Path

import click
from rich.console import Console

SIZES = ("small", "medium", "large", "extra-large")


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("tour"), show_default=True
)
@click.option("--language", type=click.Choice(["en", "ru", "ko"]), default="en", show_default=True)
@click.option("--size", type=click.Choice(SIZES), default="large", show_default=True)
@click.option("--panel", type=click.Choice(["15.6", "23.8"]), default="15.6", show_default=True)
@click.option("--form", help="The form to fill in, by its id; else the first of the pack.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--gallery",
    type=click.Path(file_okay=False, path_type=Path),
    help="Paint every type of question here instead, in each language and at each size.",
)
def tour(
    out: Path, language: str, size: str, panel: str, form: str | None, seed: int, gallery: Path | None
) -> None:
    """Walk a whole application, from the first touch to the agency's answer.

    Writes a picture of every page, spoken.txt, receipt.pdf and tour.json to the folder --out.
    """
    if gallery is not None:
        paint(Console(), gallery, panel)
        return
    walk(Console(), out=out, language=language, size=size, panel=panel, form=form, seed=seed)


def walk(
    console: Console, *, out: Path, language: str, size: str, panel: str, form: str | None, seed: int
) -> None:
    """Exits with status 1 when a step fails, after saying which."""
    from ui.driver import NotOnThePage
    from ui.tour.person import TourFailed
    from ui.tour.tour import Wishes, run_tour

    try:
        with console.status("Walking through an application") as status:
            wishes = Wishes(out, language, size, panel, form, seed)
            report = run_tour(wishes, told=lambda view: status.update(f"Walking: {view.screen}"))
    except (TourFailed, NotOnThePage, TimeoutError) as failure:
        console.print(f"The tour stopped: {failure}", style="bold", markup=False)
        console.print(f"What was seen until then lies in {out}.", markup=False)
        sys.exit(1)
    console.print(f"An application was walked from the first touch to the answer: {report.status_after}.")
    for name in ("tour.json", "receipt.pdf", "spoken.txt"):
        console.print(f"  {out / name}", markup=False)
    console.print(f"  {len(report.screens)} pictures beside them")


def paint(console: Console, out: Path, panel: str) -> None:
    """The gallery; exits with status 1 when a page has no way on, after saying which."""
    from ui.driver import NotOnThePage
    from ui.tour.gallery import paint_gallery
    from ui.tour.person import TourFailed

    try:
        with console.status("Painting every type of question") as status:
            count = paint_gallery(out, panel=panel, told=lambda doing: status.update(f"Painting: {doing}"))
    except (TourFailed, NotOnThePage, TimeoutError) as failure:
        console.print(f"The gallery stopped: {failure}", style="bold", markup=False)
        sys.exit(1)
    console.print(f"{count} pictures lie in {out}; LANGUAGE-SIZE.png shows them together.", markup=False)
