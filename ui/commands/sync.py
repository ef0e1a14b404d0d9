"""``opora sync``: what a coordinator does at a terminal when the kiosk itself is closed."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import SystemRandom

import click
from babel.dates import format_datetime
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kiosk.errors import HubFault, Message, PackFault
from kiosk.flow.sticks import homecoming
from kiosk.ids import AgencyId
from kiosk.journal import KIOSK
from kiosk.store.engine import Database, open_database
from kiosk.store.lane import WriterLane
from kiosk.store.session_key import SessionKeyFile
from kiosk.store.settings import Setting
from kiosk.store.wiping import wipe
from kiosk.texts import N_, Texts, texts_for
from kiosk.updates.installed import load_installed
from sync.carriers.usb import UsbCarrier
from sync.courier import Courier, CourierState
from sync.enrolment import device_of, enrol_kiosk
from sync.orders import wipe_ordered
from sync.routes import hub_agencies, routes_of
from sync.stick import read_file, write_file
from sync.words import courier_words, whereabouts
from ui.commands.folders import data_option
from ui.house import servers_of

_language = click.option("--language", default="en", show_default=True)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _opened(data: Path) -> Iterator[tuple[Database, WriterLane]]:
    """Raises the store's own fault while the kiosk is running on this folder."""
    if not data.is_dir():
        raise click.BadParameter(f"there is no kiosk in {data}", param_hint="--data")
    database = open_database(data, clock=_now)
    lane = WriterLane(database, lambda call: call())
    try:
        yield database, lane
    finally:
        lane.close()
        database.close()


def _dates(language: str, moment: datetime) -> str:
    return str(format_datetime(moment.astimezone(), "long", locale=language))


@click.group()
def sync() -> None:
    """Send what waits, or tell how it stands."""


@sync.command()
@data_option
@_language
def now(data: Path, language: str) -> None:
    """Try now; what is said of the result is true."""
    texts = texts_for(language)
    with _opened(data) as (database, lane):
        device = device_of(database, lane)
        routes = routes_of(database, device, _now, _servers(database))
        if not routes:
            raise _not_enrolled()
        results = [
            _watched(
                Courier(
                    database=database,
                    lane=lane,
                    carrier=route.carrier,
                    agencies=route.agencies,
                    kiosk=device.kiosk,
                    app_version=version("opora"),
                    clock=_now,
                    random=SystemRandom(),
                    key=device.key if route.to_hub else None,
                    deliver=lambda call: call(),
                ),
                texts,
                language,
            )
            for route in routes
        ]
        with database.reader() as repositories:
            ordered = wipe_ordered(repositories)
    if ordered:
        _wipe(data, texts)
        return
    for result in results:
        _tell(result, texts, language)
    if any(result.fault is not None for result in results):
        raise SystemExit(1)


def _wipe(data: Path, texts: Texts) -> None:
    wipe(data, SessionKeyFile.of_this_machine(data, os.environ))
    click.echo(texts.say("This kiosk has been erased by order of the agency."))


def _tell(result: CourierState, texts: Texts, language: str) -> None:
    for line in courier_words(result, texts, lambda moment: _dates(language, moment)):
        click.echo(line)
    if result.fault is not None and result.fault.detail:
        click.echo(f"({result.fault.detail})", err=True)


def _servers(database: Database) -> dict[AgencyId, str]:
    """OpenRosa servers of the installed pack's agencies; none where there is no pack."""
    try:
        return servers_of(load_installed(database))
    except PackFault:
        return {}


def _watched(courier: Courier, texts: Texts, language: str) -> CourierState:
    done = threading.Event()
    results: list[CourierState] = []

    def heard(state: CourierState) -> None:
        results.append(state)
        done.set()

    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def shown(state: CourierState) -> None:
            words = courier_words(state, texts, lambda moment: _dates(language, moment))
            bar.update(task, description=words[0], completed=state.done, total=state.total or None)

        courier.subscribe(shown)
        courier.try_now(heard)
        courier.start()
        done.wait()
        courier.stop()
    return results[0]


@sync.command()
@data_option
@_language
def status(data: Path, language: str) -> None:
    """Tell what waits, since when, and what needs attention."""
    texts = texts_for(language)

    def dates(moment: datetime) -> str:
        return _dates(language, moment)

    with _opened(data) as (database, _), database.reader() as repositories:
        counts = repositories.outbox.counts()
        attention = repositories.outbox.attention()
        latest = repositories.cursors.latest()
        hub = repositories.settings.get(Setting.HUB_URL)
    state = CourierState(
        waiting=counts.waiting,
        attention=counts.attention,
        last_success_at=None if latest is None else latest.heard_at,
    )
    for line in courier_words(state, texts, dates):
        click.echo(line)
    if counts.oldest_waiting_at is not None:
        click.echo(texts.say("The oldest has waited since {date}.", date=dates(counts.oldest_waiting_at)))
    if latest is not None and latest.failure:
        click.echo(texts.say("The last try failed: {reason}", reason=latest.failure))
    if hub is None:
        click.echo(texts.say("This kiosk is not connected to an agency yet."))
    for entry in attention:
        words = whereabouts(entry, on_its_way=False, texts=texts, dates=dates)
        click.echo(f"{entry.envelope_id}  {words}")


@sync.command()
@click.argument("code")
@data_option
@click.option("--hub", "url", required=True, help="The hub's address, https://….")
@click.option("--centre", default="", help="The centre's name, as the agency knows it.")
@_language
def enrol(code: str, data: Path, url: str, centre: str, language: str) -> None:
    """Connect this kiosk to a hub with a one-time CODE."""
    with _opened(data) as (database, lane):
        enrol_kiosk(database, lane, url=url, code=code, centre=centre, clock=_now)
    click.echo(texts_for(language).say("This kiosk is connected to the agency's hub now."))


@sync.command()
@click.argument("file", type=click.Path(path_type=Path))
@data_option
@_language
@click.option("--code", default="", help="A one-time code: lets the stick enrol this kiosk too.")
@click.option("--centre", default="", help="The centre's name, as the agency knows it.")
def export(file: Path, data: Path, language: str, code: str, centre: str) -> None:
    """Write everything that waits to FILE (or into the folder FILE), for a USB stick."""
    texts = texts_for(language)
    with _opened(data) as (database, lane):
        usb = _usb(database, lane, _servers(database))
        packed = usb.pack(code=code, centre=centre)
        target = file / packed.name if file.is_dir() else file
        write_file(target, packed.content)
        usb.written(packed, KIOSK)
    click.echo(
        texts.many(
            "{count} application is written to {file} ({size} KB).",
            "{count} applications are written to {file} ({size} KB).",
            packed.envelopes,
            file=target.name,
            size=(len(packed.content) + 1023) // 1024,
        )
    )
    if packed.left:
        click.echo(
            texts.many(
                "{count} more waits for the next stick.",
                "{count} more wait for the next stick.",
                packed.left,
            )
        )
    click.echo(texts.say("They stay here too, until the agency's answer has come back."))


@sync.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@data_option
@_language
def import_(file: Path, data: Path, language: str) -> None:
    """Bring home the agency's answer from FILE (or from the folder FILE)."""
    texts = texts_for(language)
    with _opened(data) as (database, lane):
        usb = _usb(database, lane, {})
        source = file / usb.answer_name if file.is_dir() else file
        home = usb.unpack(read_file(source))
        with database.reader() as repositories:
            ordered = wipe_ordered(repositories)
    if ordered:
        _wipe(data, texts)
        return
    for line in homecoming(home, texts):
        click.echo(line)
    if home.refusal:
        raise SystemExit(1)


def _usb(database: Database, lane: WriterLane, servers: dict[AgencyId, str]) -> UsbCarrier:
    return UsbCarrier(
        database,
        lane,
        device_of(database, lane),
        app_version=version("opora"),
        clock=_now,
        agencies=hub_agencies(servers),
    )


def _not_enrolled() -> HubFault:
    return HubFault(
        Message(N_("This kiosk is not connected to an agency yet.")),
        Message(N_("Ask the agency for a one-time code, then run “opora sync enrol CODE --hub ADDRESS”.")),
    )
