"""The operations page names commands that there are, with their options, and buttons that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

from ui.commands import opora

PAGE = Path(__file__).parents[2] / "installers" / "OPERATIONS.md"
REPOSITORY = PAGE.parents[1]
COMMANDS = [line.strip() for line in PAGE.read_text().splitlines() if line.strip().startswith("opora ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = opora
    with click.Context(opora) as context:
        while isinstance(command, click.Group):
            found = command.get_command(context, words.pop(0))
            assert found is not None, line
            command = found
    with click.Context(command) as context:
        _, left, _ = command.make_parser(context).parse_args(args=words)
    assert left == [], line


def test_the_page_has_its_commands() -> None:
    assert len(COMMANDS) >= 10


def test_every_button_that_the_page_names_stands_on_a_screen() -> None:
    pages = "".join(file.read_text() for file in (REPOSITORY / "kiosk" / "flow").rglob("*.py"))
    checks = (REPOSITORY / "kiosk" / "checks.py").read_text()
    for name in re.findall(r"“([^”]+)”", PAGE.read_text()):
        assert f'"{name}"' in pages + checks, name
