"""Where a kiosk keeps its data, and the option that says otherwise."""

import os
from pathlib import Path

import click


def data_home() -> Path:
    """``$XDG_DATA_HOME``, or what stands for it (XDG Base Directory Specification 0.8)."""
    named = os.environ.get("XDG_DATA_HOME")
    return Path(named) if named else Path.home() / ".local" / "share"


def kiosk_folder() -> Path:
    return data_home() / "opora"


def demo_folder() -> Path:
    return data_home() / "opora-demo"


def a_kiosk_in(data: Path) -> None:
    """Raises ``click.BadParameter`` where no kiosk keeps its data."""
    if not (data / "kiosk.db").exists():
        raise click.BadParameter(f"there is no kiosk in {data}", param_hint="--data")


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=kiosk_folder,
    show_default="~/.local/share/opora",
    envvar="OPORA_DATA",
    help="The kiosk's data folder.",
)
