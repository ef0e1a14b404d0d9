"""``opora update``: releases on the author's side, and what a kiosk does with one while it is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from babel.dates import format_datetime
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kiosk.catalogue import load_pack
from kiosk.journal import KIOSK
from kiosk.journal.wording import in_words
from kiosk.texts import Texts, texts_for
from kiosk.updates.bundle import SUFFIX, read_head
from kiosk.updates.release import Kind
from kiosk.updates.service import Updates
from kiosk.updates.standing import Standing, State
from kiosk.updates.wording import arrived_in_words, in_use_in_words, news_in_words
from ui.commands.folders import data_option
from ui.commands.terminal import Opened, coordinator, now, opened

if TYPE_CHECKING:
    from kiosk.updates.authoring import Body

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_KEYS = click.Path(file_okay=False, path_type=Path)
_language = click.option("--language", default="en", show_default=True)
_passphrase = click.option(
    "--passphrase",
    default="",
    envvar="OPORA_KEY_PASSPHRASE",
    help="Under which the private keys lie; better in the environment than on the line.",
)


@click.group()
def update() -> None:
    """Signed updates: make one, or take one up."""


# -- the author's side


@update.command()
@click.argument("folder", type=_KEYS)
@click.option("--root-keys", default=2, show_default=True, help="Any one of them can change all keys.")
@click.option("--signers", default=1, show_default=True, help="Any one of them signs releases.")
@_passphrase
def keys(folder: Path, root_keys: int, signers: int, passphrase: str) -> None:
    """Make a deployment's keys in the new FOLDER, once."""
    from kiosk.updates.authoring import KeyFolder

    made = KeyFolder(folder, passphrase)
    made.make(now(), roots=root_keys, signers=signers)
    click.echo(f"The number of these keys, for the letter to the centres: {made.fingerprint()}")
    click.echo("Keep each root-*.pem in a place of its own: they are needed for a change of keys alone.")
    if not passphrase:
        click.echo("No passphrase: whoever reads these files signs for you.", err=True)


@update.command()
@click.argument("folder", type=_KEYS)
@click.option("--root-keys", default=0, help="So many new root keys too; without it the old ones stay.")
@click.option("--signers", default=1, show_default=True)
@_passphrase
def rotate(folder: Path, root_keys: int, signers: int, passphrase: str) -> None:
    """New keys in the place of lost or stolen ones; a root key has to be in FOLDER for it."""
    from kiosk.updates.authoring import KeyFolder

    KeyFolder(folder, passphrase).rotate(now(), roots=root_keys, signers=signers)
    click.echo("Done. Kiosks hear of it with the next release; until then the old signers are believed.")


@update.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--keys", "folder", type=_KEYS, required=True, help="The folder of “opora update keys”.")
@click.option("--catalogue", type=_FILE, help="A pack, as “opora pack build” made it.")
@click.option("--application", type=_FILE, multiple=True, help="A .deb of Opora; once for each architecture.")
@click.option("--days", default=365, show_default=True, help="When you want to have signed anew.")
@click.option("--deployment", default="", help="The hub's deployment id: others' kiosks then refuse it.")
@_passphrase
def make(
    out: Path,
    folder: Path,
    catalogue: Path | None,
    application: tuple[Path, ...],
    days: int,
    deployment: str,
    passphrase: str,
) -> None:
    """Sign everything that the kiosks of a deployment should have, and write it to OUT (NAME.opora-update).

    A release replaces the one before as a whole: what is not in it stays at the kiosks as it is.
    """
    from kiosk.updates.authoring import Body, KeyFolder

    bodies = []
    if catalogue is not None:
        pack = load_pack(catalogue)
        bodies.append(Body(Kind.CATALOGUE, pack.id, pack.version, catalogue))
    bodies += [_package(file) for file in application]
    if not bodies:
        raise click.UsageError("Nothing to release: name a --catalogue, an --application, or both.")
    made = KeyFolder(folder, passphrase).release(
        bodies, out, now(), deployment=deployment, lasts=timedelta(days=days)
    )
    for body in bodies:
        click.echo(f"{body.kind} {body.id} {body.version}")
    click.echo(f"Release {made.number} is signed and written to {out}: {made.size} bytes.")


def _package(file: Path) -> "Body":
    from kiosk.updates.application import PACKAGE, Dpkg
    from kiosk.updates.authoring import Body

    name, version, made_for = (Dpkg().field(file, field) for field in ("Package", "Version", "Architecture"))
    if name != PACKAGE:
        raise click.BadParameter(f"this is a package of {name}", param_hint="--application")
    return Body(Kind.APPLICATION, made_for, version, file)


# -- the machine's side, for root

_state = click.option(
    "--state",
    type=_KEYS,
    default=Path("/var/lib/opora-updates"),
    show_default=True,
    help="Root's folder.",
)


@update.command()
@click.argument("spool", type=click.Path(path_type=Path), required=False)
@_state
@click.option("--back", "go_back", is_flag=True, help="Put the version before in the place of this one.")
def install(spool: Path | None, state: Path, go_back: bool) -> None:
    """Take up the application that the kiosk laid in the folder SPOOL; without one, end what was cut off."""
    from kiosk.updates.application import Dpkg, Installer
    from kiosk.updates.spool import SPOOLED

    installer = Installer(state, Dpkg())
    if go_back:
        click.echo(installer.back())
    elif spool is None or not (spool / SPOOLED).exists():
        click.echo(installer.recover())
    else:
        click.echo(installer.install(spool / SPOOLED))


@update.command(name="trust-application")
@click.argument("file", type=_FILE)
@_state
def trust_application(file: Path, state: Path) -> None:
    """Let this machine take its program from the keys of the update FILE; compare their number first."""
    from kiosk.updates.application import Dpkg, Installer
    from kiosk.updates.trust import Head, fingerprint

    root = Head.reading(read_head(file)).first_root()
    click.echo(f"The number of these keys: {fingerprint(root)}")
    click.confirm("Is it the very number that your agency told you?", abort=True)
    Installer(state, Dpkg()).trust(root)
    click.echo("From now on this machine takes newer versions of Opora that these keys have signed.")


# -- the kiosk's side


@contextmanager
def _updates(data: Path) -> Iterator[tuple[Opened, Updates]]:
    with opened(data) as one:
        yield one, Updates(one.lane, now)


@update.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@data_option
@_language
def import_(file: Path, data: Path, language: str) -> None:
    """Take up the update FILE (or the newest in the folder FILE) now: nobody is at a kiosk that is closed."""
    from sync.known_release import was_told_of

    texts, file = texts_for(language), _newest(file)
    with _updates(data) as (one, updates):
        head = read_head(file)
        with one.lane.database.reader() as repositories:
            told = was_told_of(repositories, head)
        if told and not updates.trusts_anybody:
            updates.trust_first_of(head, KIOSK)
        columns = (TextColumn("{task.description}"), BarColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(texts.say("Reading the update"), total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            updates.take_file(file, KIOSK, progress)
        updates.apply()
        standing = updates.standing()
    _tell(standing, texts)
    if standing.state is not State.APPLIED:
        raise SystemExit(1)


def _newest(place: Path) -> Path:
    if place.is_file():
        return place
    found = sorted(place.glob(f"**/*{SUFFIX}"), key=lambda file: (file.stat().st_mtime, file.name))
    if not found:
        raise click.BadParameter("there is no update in this folder", param_hint="FILE")
    return found[-1]


@update.command()
@data_option
@_language
def status(data: Path, language: str) -> None:
    """Which version is in use, what waits, and what came when."""
    texts = texts_for(language)
    with _updates(data) as (one, updates):
        standing = updates.standing()
        names = {str(each.id): each.name for each in one.operators.names()}
    _tell(standing, texts)
    for entry in standing.history:
        click.echo(f"{_date(entry.at, language)}  {in_words(entry, texts, names)}")


@update.command()
@data_option
@_language
def back(data: Path, language: str) -> None:
    """Go back to the version before; a coordinator signs in for it."""
    texts = texts_for(language)
    with _updates(data) as (one, updates):
        version = updates.back(coordinator(one.operators))
    click.echo(texts.say("The kiosk works with version {version} again.", version=version))


@update.command()
@click.argument("file", type=_FILE)
@data_option
@_language
def trust(file: Path, data: Path, language: str) -> None:
    """Trust the keys of the update FILE, once a coordinator has compared their number with a letter."""
    from kiosk.updates.trust import Head, fingerprint

    texts = texts_for(language)
    root = Head.reading(read_head(file)).first_root()
    click.echo(texts.say("The number of these keys: {number}", number=fingerprint(root)))
    click.confirm(texts.say("Is it the very number that your agency told you?"), abort=True)
    with _updates(data) as (one, updates):
        signed_in = coordinator(one.operators)
        updates.trust_as(signed_in, root)
    click.echo(texts.say("This kiosk takes updates from there now."))


def _tell(standing: Standing, texts: Texts) -> None:
    click.echo(f"{in_use_in_words(standing, texts)} {news_in_words(standing, texts)}")
    if standing.state is State.COMING:
        click.echo(arrived_in_words(standing, texts))
    if standing.before:
        click.echo(texts.say("The version before, {version}, is kept.", version=standing.before))
    if standing.expires is not None and standing.expires < now():
        until = _date(standing.expires, texts.language)
        click.echo(
            texts.say("Its signature was meant to be renewed by {date}. It stays valid here.", date=until)
        )
    if standing.trusts:
        click.echo(texts.say("The number of the trusted keys: {number}", number=standing.trusts))


def _date(moment: datetime, language: str) -> str:
    return str(format_datetime(moment.astimezone(), "medium", locale=language))
