"""``opora backup`` and ``opora restore``."""

from pathlib import Path

import click

from kiosk.journal import Action, operator_actor
from kiosk.operators import Argon2Parameters
from kiosk.operators.backups import leave_note
from kiosk.operators.secrets import RECOVERY_DIGITS, stretched, typed_code
from kiosk.store.backup import Content, make_backup, newest_in, restore_backup
from kiosk.store.sealing import Sealer
from ui.commands.folders import a_kiosk_in, data_option
from ui.commands.terminal import choose, now, opened

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@data_option
def backup(folder: Path, data: Path) -> None:
    """Make a sealed copy of the kiosk in FOLDER, also while it runs, and prove that it restores."""
    a_kiosk_in(data)
    made = make_backup(data, folder, now())
    leave_note(data, made.made_at)
    click.echo(f"{made.file}: {made.file.stat().st_size} bytes, read back and opened.")
    _tell(made.content)
    click.echo("Only the recovery sheet opens it.")


@click.command()
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@data_option
def restore(place: Path, data: Path) -> None:
    """Restore the backup PLACE (a file, or the newest in a folder) on this machine, with the sheet."""
    file = newest_in(place)
    click.echo(f"Restoring {file}")
    code = typed_code(click.prompt("Code of the recovery sheet", hide_input=True), RECOVERY_DIGITS)

    def opener(salt: bytes, parameters: str) -> Sealer:
        return stretched(code.encode(), salt, Argon2Parameters.from_json(parameters))

    _tell(restore_backup(file, data, opener))
    with opened(data) as one:
        click.echo("PINs belong to the old machine. Who is here?")
        who = choose(list(one.operators.names()))
        pin = click.prompt(f"New PIN of {who.name}", hide_input=True, confirmation_prompt=True)
        signed_in = one.operators.recover(code, who.id, pin)
        actor, at = operator_actor(signed_in.id), now()
        one.lane.submit(lambda r: r.journal.append(at, actor, Action.RESTORED, file.name)).result()
    click.echo(f"{who.name} can sign in. A coordinator gives the others a new PIN under “People”.")


def _tell(content: Content) -> None:
    click.echo(
        f"Applications: {content.applications}, waiting to be sent: {content.waiting}, "
        f"drafts: {content.drafts}, entries of the journal: {content.journal}."
    )
