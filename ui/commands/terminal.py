"""What commands at a terminal share: the folder opened while the kiosk is closed, and somebody signed in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.operators import DeviceSecret, Factor, Operator, Operators, Proof, Role, SignedIn, system_keyring
from kiosk.operators.security_key import UsbSecurityKey
from kiosk.store import WriterLane, open_database
from ui.commands.folders import a_kiosk_in
from ui.core_dumps import refuse_core_dumps


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    folder: Path
    lane: WriterLane
    secret: DeviceSecret
    operators: Operators


@contextmanager
def opened(data: Path) -> Iterator[Opened]:
    """Raises the store's own fault while the kiosk is running on this folder."""
    a_kiosk_in(data)
    refuse_core_dumps()
    database = open_database(data, clock=now)
    lane = WriterLane(database, lambda call: call())
    try:
        secret = DeviceSecret.load(data, os.environ, system_keyring(os.environ))
        operators = Operators(lane, secret, now)
        try:
            yield Opened(data, lane, secret, operators)
        finally:
            operators.close()
    finally:
        lane.close()
        database.close()


def coordinator(operators: Operators) -> SignedIn:
    """Asks who and for what they show; raises the room's own fault where it is wrong."""
    who = choose([each for each in operators.names() if each.role is Role.COORDINATOR])
    factor = Factor(who.second_factor)
    badge = click.prompt("Badge", hide_input=True) if factor is Factor.BADGE else ""
    pin = click.prompt(f"PIN of {who.name}", hide_input=True)
    code = click.prompt("Number on the telephone") if factor is Factor.TOTP else ""
    key = UsbSecurityKey() if factor is Factor.SECURITY_KEY else None
    return operators.sign_in(who.id, pin, Proof(badge=badge, code=code, key=key))


def choose(people: list[Operator]) -> Operator:
    """Without a question where there is only one."""
    if not people:
        raise click.ClickException("There is nobody to choose from: set the kiosk up first.")
    if len(people) == 1:
        return people[0]
    for number, each in enumerate(people, 1):
        click.echo(f"{number}  {each.name} ({each.role})")
    return people[click.prompt("Number", type=click.IntRange(1, len(people))) - 1]


def named(people: tuple[Operator, ...], name: str) -> Operator:
    found = [each for each in people if each.name == name]
    if len(found) != 1:
        known = ", ".join(each.name for each in people)
        raise click.BadParameter(f"there is no {name!r} here, or more than one. Known: {known}")
    return found[0]
