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


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=kiosk_folder,
    show_default="~/.local/share/opora",
    envvar="OPORA_DATA",
    help="The kiosk's data folder.",
)
