"""``opora vault``: the centre's keys, while the kiosk is closed."""

import os
from pathlib import Path

import click

from kiosk.operators import Rekeyed, Vault
from kiosk.store.session_key import SessionKeyFile
from kiosk.store.wiping import wipe as wipe_folder
from ui.commands.folders import a_kiosk_in, data_option
from ui.commands.terminal import Opened, coordinator, named, now, opened


@click.group()
def vault() -> None:
    """Change the centre's keys, or erase everything that is kept here."""


def _vault(one: Opened) -> Vault:
    return Vault(one.lane, one.secret, now)


@vault.command()
@data_option
def rotate(data: Path) -> None:
    """Give the centre new keys; everybody keeps their PIN."""
    with opened(data) as one:
        _tell(_vault(one).rotate(coordinator(one.operators)))


@vault.command()
@click.argument("name")
@data_option
def rekey(name: str, data: Path) -> None:
    """NAME has left: their PIN and any key that they kept open nothing from now on."""
    with opened(data) as one:
        leaving = named(one.operators.names(), name)
        result = _vault(one).rekey(coordinator(one.operators), leaving.id)
        click.echo(f"{name} can no longer sign in.")
        _tell(result)
        if click.confirm("Have they seen the recovery sheet? Make a new one?", default=True):
            _sheet(one, result)


@vault.command()
@data_option
def sheet(data: Path) -> None:
    """Make a new recovery sheet; the old one opens nothing from then on."""
    with opened(data) as one:
        click.echo(f"Code of the recovery sheet: {_vault(one).new_sheet(coordinator(one.operators))}")
        click.echo("It is shown only this once. Write it down, lock it away, destroy the old sheet.")


@vault.command()
@data_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def wipe(data: Path, yes: bool) -> None:
    """Erase every key and every record of this kiosk. Nothing brings them back but a backup."""
    a_kiosk_in(data)
    if not yes:
        with opened(data) as one, one.lane.database.reader() as repositories:
            waiting = repositories.outbox.counts().waiting
        click.echo(f"Applications that no agency has yet, and that would be lost: {waiting}")
        click.confirm("Erase everything in this folder for good?", abort=True)
    wipe_folder(data, SessionKeyFile.of_this_machine(data, os.environ))
    click.echo("Everything is erased. The kiosk begins with its first start.")


def _tell(result: Rekeyed) -> None:
    click.echo(f"The centre has new keys. Records sealed anew: {result.resealed}.")
    if result.unopened:
        click.echo(f"Records that had been changed and opened with no key: {result.unopened}.")
    for person in result.need_pin:
        click.echo(f"{person.name} needs a new PIN: a coordinator gives it under “People”.")
    if result.needs_sheet:
        click.echo("The recovery sheet opens nothing any more: make one with “opora vault sheet”.")


def _sheet(one: Opened, result: Rekeyed) -> None:
    click.echo(f"Code of the recovery sheet: {_vault(one).new_sheet(result.signed_in)}")
    click.echo("It is shown only this once. Write it down, lock it away, destroy the old sheet.")
