"""``opora hub``: the receiving end. Needs neither Qt nor anything else of a kiosk."""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from kiosk.catalogue import load_pack
from kiosk.errors import Fault
from sync.hub import journals, lists
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.limits import Limits
from sync.hub.opening import Opener, forms_in, identities_in
from sync.hub.reopening import reopen
from sync.hub.statuses import Caseworker, Decision
from sync.stick import SUFFIX, TO_AGENCY, read_file, write_file

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_FOLDER = click.Path(file_okay=False, path_type=Path)

_data = click.option(
    "--data", type=_FOLDER, default=Path("hub-data"), show_default=True, help="The hub's own folder."
)
_database = click.option("--database", help="PostgreSQL by URL; without it SQLite in the folder.")

_identities = click.option(
    "--identities",
    type=_FILE,
    multiple=True,
    help="age identities of the agencies; - reads them from standard input, so that no file holds them.",
)
_pack = click.option("--pack", type=_FILE, multiple=True, help="A pack whose forms open the answers.")
_forms = click.option("--forms", type=_FOLDER, multiple=True, help="A folder of forms (XForm XML) likewise.")


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _opened(data: Path, database: str | None) -> Iterator[HubDatabase]:
    if database and importlib.util.find_spec("psycopg") is None:
        raise click.ClickException(
            "PostgreSQL needs psycopg, which is not in this program. Without --database the hub keeps all in"
            " its folder; with pip install 'opora[hub]' psycopg comes too."
        )
    opened = HubDatabase(database) if database else HubDatabase.in_folder(data)
    try:
        yield opened
    finally:
        opened.close()


def _opener(identities: tuple[Path, ...], pack: tuple[Path, ...], forms: tuple[Path, ...]) -> Opener:
    given = [identity for file in identities for identity in identities_in(file)]
    return Opener(given, _known_forms(pack, forms))


def _known_forms(pack: tuple[Path, ...], forms: tuple[Path, ...]) -> dict[str, bytes]:
    known = {digest: xml for folder in forms for digest, xml in forms_in(folder).items()}
    for file in pack:
        known |= {form.sha256: form.source for form in load_pack(file).forms.values()}
    return known


@click.group()
def hub() -> None:
    """The receiving end: serve, list, decide."""


@hub.command()
@_data
@_database
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8040, show_default=True, help="0 takes any free one.")
@_identities
@_pack
@_forms
@click.option("--metrics-port", type=int, help="Serve Prometheus metrics on this port of --metrics-host.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True)
@click.option(
    "--rate", default=Limits().requests_of_a_kiosk, show_default=True, help="Requests a kiosk and minute."
)
def serve(
    data: Path,
    database: str | None,
    host: str,
    port: int,
    identities: tuple[Path, ...],
    pack: tuple[Path, ...],
    forms: tuple[Path, ...],
    metrics_port: int | None,
    metrics_host: str,
    rate: int,
) -> None:
    """Serve until stopped. TLS is for the web server in front of it. Logs JSON lines to standard error."""
    # The list and the decisions need no web server.
    from sync.hub.metrics import HubMetrics
    from sync.hub.server import HubServer, settle_memory
    from sync.hub.watching import log_as_json

    log_as_json()
    from sync.hub.releases import Releases

    opener = _opener(identities, pack, forms)
    with _opened(data, database) as opened:
        Releases(opened, HubIdentity.of_folder(data), _now).teach(opener)
        late = reopen(opened, opener)
        if late:
            click.echo(f"Opened {late} that had waited for a key or a form.")
        metrics = HubMetrics()
        server = HubServer(
            opened,
            HubIdentity.of_folder(data),
            opener,
            _now,
            host=host,
            port=port,
            metrics=metrics,
            limits=Limits(requests_of_a_kiosk=rate),
        )
        if metrics_port is not None:
            from prometheus_client import start_http_server

            metrics.watch(opened, _now)
            serving, _ = start_http_server(metrics_port, metrics_host, metrics.registry)
            click.echo(f"Metrics: http://{metrics_host}:{serving.server_port}/metrics")
        click.echo(server.url)
        settle_memory()
        try:
            server.serve()
        finally:
            server.stop()


@hub.command()
@click.argument("file", type=_FILE)
@_data
@_database
def publish(file: Path, data: Path, database: str | None) -> None:
    """Offer the update FILE (of “opora update make”) to every kiosk of this hub, by line and by stick."""
    from rich.progress import Progress

    from sync.hub.releases import Releases

    with _opened(data, database) as opened, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Update", total=None)
        done = Releases(opened, HubIdentity.of_folder(data), _now).publish(
            file, lambda done, total: bar.update(task, completed=done, total=total)
        )
    for target in done.release.targets:
        click.echo(f"{target.kind} {target.id} {target.version}: {target.size} bytes")
    click.echo(f"Release {done.release.number} is published. Kiosks hear of it when they ask next.")
    if done.trusts:
        click.echo(f"From now on this hub takes releases of these keys alone: {done.trusts}")


@hub.command()
@click.argument("reference")
@_data
@_database
@click.option("--status", required=True, help="granted, granted-in-part, refused, in-work, paid, …")
@click.option("--reason", default="", help="Why, in plain words and in the applicant's language.")
@click.option("--by", default="", help="The agency's name, as people know it.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Evidence wanted, or appeal possible, until."
)
@click.option("--amount", default="", help="As it is to be read: “120 € a month”.")
@click.option("--text", default="", help="Anything else that the applicant should know.")
@click.option("--share", is_flag=True, help="Let the centre know the kind; without it only “decided”.")
def decide(
    reference: str,
    data: Path,
    database: str | None,
    status: str,
    reason: str,
    by: str,
    until: datetime | None,
    amount: str,
    text: str,
    share: bool,
) -> None:
    """Answer the application of REFERENCE (or of an application's id); only its receipt can read it."""
    decision = Decision(
        kind=status,
        reason=reason,
        by=by,
        until=None if until is None else until.replace(tzinfo=UTC),
        amount=amount,
        text=text,
        share=share,
    )
    with _opened(data, database) as opened:
        Caseworker(opened, _now).decide(reference, decision)
    click.echo(f"{reference}: {status}. The kiosk hears it when it asks next.")


@hub.command(name="open")
@_data
@_database
@_identities
@_pack
@_forms
def open_(
    data: Path,
    database: str | None,
    identities: tuple[Path, ...],
    pack: tuple[Path, ...],
    forms: tuple[Path, ...],
) -> None:
    """Open what has waited for its key or its form, without serving."""
    from sync.hub.releases import Releases

    with _opened(data, database) as opened:
        opener = _opener(identities, pack, forms)
        Releases(opened, HubIdentity.of_folder(data), _now).teach(opener)
        count = reopen(opened, opener)
    click.echo(f"Opened {count}.")


@hub.command()
@click.argument("target", type=click.Path(path_type=Path))
@_data
@_database
@_pack
@_forms
@click.option(
    "--format", "kind", type=click.Choice(["csv", "jsonl", "xml"]), default="csv", show_default=True
)
@click.option("--agency", help="Of this agency alone.")
@click.option("--form", help="Of this form alone.")
def export(
    target: Path,
    data: Path,
    database: str | None,
    pack: tuple[Path, ...],
    forms: tuple[Path, ...],
    kind: str,
    agency: str | None,
    form: str | None,
) -> None:
    """Write the applications that this hub has opened to TARGET: a folder, or for jsonl a file.

    Readable answers leave the hub with it: keep them as you keep the papers.
    """
    from rich.progress import Progress

    from sync.hub import export as exporting

    with _opened(data, database) as opened, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Applications", total=lists.totals(opened).applications)
        found = exporting.submissions(opened, agency=agency, form=form)

        def progress(count: int) -> None:
            bar.update(task, completed=count)

        if kind == "xml":
            written = exporting.export_xml(found, target, progress)
        elif kind == "jsonl":
            written = exporting.export_json_lines(found, target, progress)
        else:
            written = exporting.export_csv(found, target, _known_forms(pack, forms), progress)
        sealed = exporting.sealed_count(opened)
    click.echo(f"{written} applications are in {target}.")
    if sealed:
        click.echo(f"{sealed} are still sealed here: their key or their form is missing.")


@hub.command(name="list")
@_data
@_database
@click.option("--limit", default=50, show_default=True, help="How many applications, the newest first.")
def list_(data: Path, database: str | None, limit: int) -> None:
    """Show kiosks, applications, and what could not be taken."""
    console = Console()
    with _opened(data, database) as opened:
        kiosks = Table("Kiosk", "Centre", "Heard", "Waiting", "Attention", "Set aside here", title="Kiosks")
        for line in lists.kiosks(opened):
            heard = "never" if line.heard_at is None else f"{line.heard_at:%Y-%m-%d %H:%M}"
            revoked = " (signed off)" if line.revoked else ""
            kiosks.add_row(
                f"{line.id}{revoked}",
                line.centre,
                heard,
                str(line.waiting),
                str(line.attention),
                str(line.set_aside),
            )
        console.print(kiosks)
        for line in lists.kiosks(opened):
            if line.journal:
                told = (
                    f"The journal of kiosk {line.id} was {line.journal}: compare with “opora journal verify”."
                )
                console.print(told, style="bold", highlight=False, markup=False)
        table = Table("Reference", "Agency", "Form", "State", "Arrived (UTC)", "Id", title="Applications")
        for one in lists.applications(opened, limit):
            table.add_row(
                one.reference or "not opened yet",
                one.agency,
                one.form,
                one.state,
                f"{one.arrived_at:%Y-%m-%d %H:%M}",
                str(one.id),
            )
        console.print(table)
        for kiosk, envelope, why in lists.set_aside(opened):
            console.print(f"Set aside: {envelope} of kiosk {kiosk}: {why}", highlight=False, markup=False)
        totals = lists.totals(opened)
        console.print(
            f"{totals.envelopes} envelopes, {totals.applications} applications, {totals.set_aside} set aside"
        )


@hub.command(name="enrol-code")
@_data
@_database
@click.option("--days", default=7, show_default=True, help="How long it is good; a stick travels slowly.")
def enrol_code(data: Path, database: str | None, days: int) -> None:
    """Make a one-time code with which one kiosk can enrol."""
    with _opened(data, database) as opened:
        kiosks = Kiosks(opened, HubIdentity.of_folder(data), _now)
        click.echo(kiosks.new_code(timedelta(days=max(1, days))))


@hub.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.argument("answer", type=click.Path(path_type=Path), required=False)
@_data
@_database
@_identities
@_pack
@_forms
def import_(
    file: Path,
    answer: Path | None,
    data: Path,
    database: str | None,
    identities: tuple[Path, ...],
    pack: tuple[Path, ...],
    forms: tuple[Path, ...],
) -> None:
    """Take what a kiosk wrote on a USB stick (FILE), and write the answer to it (ANSWER).

    FILE may be the stick's folder: then every kiosk's file in it is taken, and the answers lie beside them.
    """
    from kiosk.updates.bundle import STICK_FILE
    from sync.hub.exchanging import Exchange
    from sync.hub.releases import Releases
    from sync.hub.sticks import Sticks

    with _opened(data, database) as opened:
        identity, opener = HubIdentity.of_folder(data), _opener(identities, pack, forms)
        releases = Releases(opened, identity, _now)
        exchange = Exchange(opened, identity, opener, _now, learn=lambda: releases.teach(opener))
        sticks = Sticks(Kiosks(opened, identity, _now), exchange, identity, _now)
        files = sorted(file.glob(f"**/{TO_AGENCY}-*{SUFFIX}")) if file.is_dir() else [file]
        if not files:
            raise click.BadParameter("there is no kiosk's file in this folder", param_hint="FILE")
        failed = False
        for each in files:
            try:
                answered = sticks.answer(read_file(each))
                beside = answer or each.parent
                target = beside / answered.name if beside.is_dir() else beside
                write_file(target, answered.content)
                release = releases.write_for_stick(target.parent / STICK_FILE)
            except Fault as fault:
                if len(files) == 1:
                    raise
                failed = True
                click.echo(f"{each.name}: {fault.title.msgid} {fault.advice.msgid}", err=True)
                continue
            if answered.refusal:
                failed = True
                click.echo(f"{each.name}: refused. {answered.refusal}", err=True)
            else:
                enrolled = "enrolled, " if answered.enrolled else ""
                click.echo(
                    f"{each.name}: {enrolled}{answered.taken} held here, {answered.set_aside} set aside."
                )
            click.echo(f"The answer for the kiosk: {target}")
            if release is not None:
                click.echo(f"Update {release} lies beside it, for every kiosk that this stick comes to.")
    if failed:
        raise SystemExit(1)


@hub.command()
@click.argument("kiosk", type=click.UUID)
@_data
@_database
@click.option("--reason", required=True, help="What the coordinator there is to read.")
def revoke(kiosk: UUID, data: Path, database: str | None, reason: str) -> None:
    """Refuse a kiosk from now on; what waits there stays there."""
    with _opened(data, database) as opened:
        Kiosks(opened, HubIdentity.of_folder(data), _now).revoke(kiosk, reason)
    click.echo(f"{kiosk} is refused from now on.")


@hub.command()
@click.argument("kiosk", type=click.UUID)
@_data
@_database
@click.option("--yes", is_flag=True, help="Do not ask.")
def wipe(kiosk: UUID, data: Path, database: str | None, yes: bool) -> None:
    """Order a kiosk to erase itself: it obeys at its next exchange. Revoke it only after that."""
    if not yes:
        click.confirm(f"Erase kiosk {kiosk} for good, with everything that waits there?", abort=True)
    with _opened(data, database) as opened:
        Kiosks(opened, HubIdentity.of_folder(data), _now).order_wipe(kiosk)
    click.echo(f"{kiosk} erases itself as soon as it is heard.")


@hub.command()
@click.argument("kiosk", type=click.UUID)
@_data
@_database
def journal(kiosk: UUID, data: Path, database: str | None) -> None:
    """Print the heads of a kiosk's journal that were heard, for “opora journal verify --heads”."""
    with _opened(data, database) as opened:
        for head in journals.heads(opened, kiosk):
            if not head.trouble:
                click.echo(json.dumps({"number": head.number, "hash": head.hash}))
