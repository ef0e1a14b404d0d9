"""`opora …`. Each command is one module, imported only when it is asked for: Qt comes with three of them.

A :class:`~kiosk.errors.Fault` ends a command with what happened and what to do; nobody is shown a traceback.
"""

import importlib
import sys

import click

from kiosk.errors import Fault

COMMANDS = {
    "kiosk": ("ui.commands.kiosk", "Open the kiosk (also without any command)."),
    "demo": ("ui.commands.demo", "Kiosk, hub and demonstration pack, all in one folder."),
    "tour": ("ui.commands.tour", "Walk a whole application as a person would, and show what was seen."),
    "hub": ("ui.commands.hub", "The receiving end: serve, list, decide."),
    "forms": ("ui.commands.forms", "Check a form, or fill one without a screen."),
    "pack": ("ui.commands.pack", "Build a pack from its sources, show what one holds, or install it."),
    "sync": ("ui.commands.sync", "Send what waits, or tell how it stands."),
    "update": ("ui.commands.update", "Signed updates: make one, take one up, go back."),
    "vault": ("ui.commands.vault", "Change the centre's keys, or erase everything that is kept here."),
    "backup": ("ui.commands.backup", "Make a sealed copy, and prove that it restores."),
    "restore": ("ui.commands.backup", "Restore a backup on another machine, with the recovery sheet."),
    "journal": ("ui.commands.journal", "Verify the journal, or export it."),
    "cards": ("ui.commands.cards", "Cards to hang beside the kiosk: no sound, no printer, no line."),
    "doctor": ("ui.commands.doctor", "One line each: disk, clock, voice, printer, hub, fonts."),
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is run or its own help is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(package_name="opora")
@click.pass_context
def opora(ctx: click.Context) -> None:
    """Opora: a kiosk for social-support centres that works with no network."""
    if ctx.invoked_subcommand is None:
        command = opora.get_command(ctx, "kiosk")
        assert command is not None
        ctx.invoke(command)


def main() -> None:
    try:
        opora()
    except Fault as fault:
        click.echo(f"{fault.title.msgid.format(**fault.title.gaps)}", err=True)
        click.echo(f"{fault.advice.msgid.format(**fault.advice.gaps)}", err=True)
        if fault.detail:
            click.echo(f"({fault.detail})", err=True)
        sys.exit(1)
