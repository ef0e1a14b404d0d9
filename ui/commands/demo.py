"""`opora demo`: kiosk, hub on loopback and demonstration pack, all in one folder."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from ui.commands.folders import demo_folder
from ui.display import has_display


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=demo_folder,
    show_default="~/.local/share/opora-demo",
    help="The demonstration's own data folder.",
)
@click.option("--panel", help="Diagonal of the screen in inches, where it reports a wrong size.")
def demo(data: Path, panel: str | None) -> None:
    """The demonstration. Where there is no display, it walks the tour instead."""
    console = Console()
    if not has_display():
        from ui.commands.tour import walk

        console.print("There is no display here, so the tour is walked instead.")
        walk(console, out=data / "tour", language="en", size="large", panel="15.6", form=None, seed=1)
        return
    from ui.forgetful import start_forgetful

    start_forgetful()
    from ui.demonstration import COORDINATOR, PIN, demonstration_hub, settle_in

    with console.status("Preparing the demonstration"):
        hub = demonstration_hub(data, lambda: datetime.now(UTC))
        hub.start()
    console.print(f"The hub listens at {hub.url}. Everything lies in {data}.")
    console.print(f"The volunteer's page opens for {COORDINATOR} with the PIN {PIN}.")
    console.print("To leave: Alt+F4, or Ctrl+C here.")
    from ui.opening import Opening, application, glass_here, run

    qt = application()
    opening = Opening(data, glass_here(panel), prepare=lambda house: settle_in(house, hub))
    opening.show_full_screen(panel)
    status = run(qt, opening)
    hub.stop()
    sys.exit(status)
