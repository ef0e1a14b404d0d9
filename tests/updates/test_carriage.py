"""From the author to the hub, from the hub to the kiosk: piece by piece, and never before an application."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from kiosk.errors import Fault, HubFault, PackFault
from kiosk.journal import KIOSK, Action
from kiosk.store.outbox import OutboxState
from kiosk.updates.bundle import STICK_FILE
from kiosk.updates.installed import PACK_FILE
from kiosk.updates.service import Updates
from kiosk.updates.standing import HISTORY, State
from sync.carriers.https import HttpsCarrier
from sync.downloads import LINE_S, Downloads
from sync.hub.releases import Releases
from sync.hub.rows import KioskRow, ReleasePieceRow
from sync.known_release import told_release
from sync.protocol import UpdatePiece, Wanted
from tests.sync.parties import Delivery, Hub, Kiosk
from tests.sync.way import Way, answering, forwarding, page
from tests.updates.deployment import Deployment, asking, write_pack


@dataclass
class Site:
    """A kiosk at a hub that publishes releases; the kiosk trusts nobody but the hub."""

    hub: Hub
    kiosk: Kiosk
    carrier: HttpsCarrier
    updates: Updates = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        write_pack(self.kiosk.folder / PACK_FILE, "1")
        self.updates = Updates(self.kiosk.lane, self.kiosk.clock, leave_free=0)

    @property
    def releases(self) -> Releases:
        return Releases(self.hub.database, self.hub.server.identity, self.hub.clock)

    def downloads(self, carrier: object = None) -> Downloads:
        """Its clock stands still unless a test moves it."""
        return Downloads(
            self.updates,
            carrier or self.carrier,  # type: ignore[arg-type]
            self.kiosk.device.kiosk,
            self.kiosk.database,
            self.kiosk.lane,
            seconds=lambda: self.seconds,
        )

    def told(self) -> None:
        """One exchange, in which the hub tells what it has."""
        assert self.kiosk.tried(self.carrier).fault is None

    def deeds(self) -> list[str]:
        with self.kiosk.database.reader() as repositories:
            return [each.action for each in reversed(repositories.journal.newest_of(HISTORY, 100))]


@contextmanager
def site_of(hub: Hub, folder: Path, *, by_way_of: str | None = None) -> Iterator[Site]:
    with Kiosk(folder) as kiosk:
        carrier = kiosk.enrolled(hub, by_way_of=by_way_of)
        yield Site(hub, kiosk, carrier)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Hub(tmp_path / "hub") as hub, site_of(hub, tmp_path / "kiosk") as found:
        yield found


def always() -> bool:
    return True


def large(version: str) -> bytes:
    """A form of some 300 KB, as real ones are that bring long lists."""
    return asking(f"Name {version}?" + "".join(f" {number}" for number in range(50_000)))


def test_a_published_release_comes_by_line_and_is_taken_up(deployment: Deployment, site: Site) -> None:
    published = site.releases.publish(deployment.update("2"))
    assert published.trusts, "the first release decides whose releases these are"
    downloads, arrived = site.downloads(), threading.Event()
    fetch = downloads.fetch

    def watched(may_go_on: Callable[[], bool]) -> bool:
        whole = fetch(may_go_on)
        arrived.set()
        return whole

    downloads.fetch = watched  # type: ignore[method-assign]
    with Delivery(site.kiosk, site.carrier, downloads=downloads) as delivery:
        assert delivery.try_now().fault is None
        assert arrived.wait(30)
    assert site.updates.standing().trusts == published.trusts
    assert site.updates.standing().state is State.READY
    assert site.updates.apply()
    assert site.updates.pack().version == "2"
    assert site.deeds() == [Action.UPDATES_TRUSTED, Action.UPDATE_ARRIVED, Action.PACK_INSTALLED]
    site.told()
    with site.hub.database.transaction() as session:
        assert session.scalars(select(KioskRow.release)).all() == [1]


def test_a_hub_tells_only_what_a_kiosk_does_not_know(deployment: Deployment, site: Site) -> None:
    site.releases.publish(deployment.update("2"))
    site.told()
    assert site.downloads().fetch(always)
    with site.kiosk.database.reader() as repositories:
        assert told_release(repositories) is None, "it is here: nothing is to be fetched any more"
    before = site.carrier.meter.bytes_down
    site.told()
    quiet = site.carrier.meter.bytes_down - before
    site.releases.publish(deployment.update("3"))
    before = site.carrier.meter.bytes_down
    site.told()
    assert site.carrier.meter.bytes_down - before > quiet + 50
    with site.kiosk.database.reader() as repositories:
        told = told_release(repositories)
    assert told is not None
    assert told[0].version == "2"


def test_a_line_that_breaks_under_every_piece_carries_on_where_it_stopped(
    deployment: Deployment, tmp_path: Path
) -> None:
    """A quarter of the answers is lost; nothing that came is fetched twice."""
    with Hub(tmp_path / "hub") as hub:
        lossy = forwarding(hub.url, answer=lambda came, number: b"" if number % 4 == 0 else came)
        with Way(lossy) as way, site_of(hub, tmp_path / "kiosk", by_way_of=way.url) as site:
            size = site.releases.publish(deployment.update("2", xform=large("2"))).size
            while site.kiosk.tried(site.carrier).fault is not None:
                pass
            before = site.carrier.meter.bytes_down
            while not site.downloads().fetch(always):
                pass
            assert site.updates.apply()
            assert site.updates.pack().version == "2"
            assert site.carrier.meter.bytes_down - before < size * 1.2 + 20_000


def test_a_kiosk_that_is_switched_off_in_between_goes_on_at_the_byte_where_it_stood(
    deployment: Deployment, site: Site
) -> None:
    site.releases.publish(deployment.update("2", xform=large("2")))
    site.told()
    pieces = iter(range(4))
    assert not site.downloads().fetch(lambda: next(pieces, None) is not None)
    standing = site.updates.standing()
    assert standing.state is State.COMING
    assert 0 < standing.arrived < standing.total
    site.kiosk.close()
    site.kiosk.open()
    site.updates = Updates(site.kiosk.lane, site.kiosk.clock, leave_free=0)
    assert site.updates.standing().arrived == standing.arrived
    offsets: list[int] = []

    class Watched:
        def get(self, wanted: Wanted) -> UpdatePiece:
            offsets.append(wanted.offset)
            return site.carrier.get(wanted)

    assert site.downloads(Watched()).fetch(always)
    assert offsets[0] == standing.arrived
    assert site.updates.apply()


@pytest.mark.proof
def test_a_slow_line_gives_an_update_its_share_and_no_more(deployment: Deployment, site: Site) -> None:
    site.releases.publish(deployment.update("2", xform=large("2")))
    site.told()
    asked: list[int] = []

    class Slow:
        """Two kilobytes a second."""

        def get(self, wanted: Wanted) -> UpdatePiece:
            asked.append(wanted.most)
            site.seconds += wanted.most / 2048
            return site.carrier.get(wanted)

    downloads = site.downloads(Slow())
    tries = 0
    while True:
        began = site.seconds
        whole = downloads.fetch(always)
        tries += 1
        assert site.seconds - began <= LINE_S + 8.0, "at most the piece that was under way"
        if whole:
            break
    assert tries > 5
    assert max(asked[3:]) <= 8 * 1024, "after the first ones no piece holds the line for longer than 4 s"


def test_what_is_handed_in_goes_before_the_next_piece(deployment: Deployment, site: Site) -> None:
    """The courier is in the middle of a download when an application is stored."""
    site.releases.publish(deployment.update("2", xform=large("2")))
    under_way, may_end = threading.Event(), threading.Event()

    class Holding:
        def get(self, wanted: Wanted) -> UpdatePiece:
            piece = site.carrier.get(wanted)
            under_way.set()
            assert may_end.wait(30)
            return piece

    with Delivery(site.kiosk, site.carrier, downloads=site.downloads(Holding())) as delivery:
        assert delivery.try_now().fault is None
        assert under_way.wait(30)
        stored = site.kiosk.store()
        delivery.courier.nudge()
        asked = site.carrier.meter.requests
        may_end.set()
        assert delivery.try_now().fault is None
        assert site.kiosk.state(stored) is OutboxState.ACKNOWLEDGED
        # The piece that was under way, then the application: no other piece between them.
        assert site.carrier.meter.requests <= asked + 3


def test_a_body_that_is_another_than_the_list_says_is_thrown_away_and_told(
    deployment: Deployment, site: Site
) -> None:
    """As a hub that somebody broke into might hand it down."""
    site.releases.publish(deployment.update("2"))
    site.told()
    with site.hub.database.transaction() as session:
        for row in session.scalars(select(ReleasePieceRow)):
            if row.body.startswith(b"PK"):
                row.body = row.body[:-1] + b"x"
    downloads = site.downloads()
    assert not downloads.fetch(always)
    assert isinstance(site.updates.trouble, PackFault)
    assert not downloads.fetch(always)
    assert site.deeds().count(Action.UPDATE_REFUSED) == 1, "written down once"
    assert site.updates.standing().arrived == 0
    assert not site.updates.apply()
    assert site.updates.pack().version == "1"


def test_a_list_that_the_trusted_keys_did_not_sign_is_refused_once(
    deployment: Deployment, site: Site, tmp_path: Path
) -> None:
    site.updates.trust(deployment.root, KIOSK)
    site.releases.publish(Deployment(tmp_path / "other").update("2"))
    site.told()
    assert not site.downloads().fetch(always)
    asked = site.carrier.meter.requests
    for _ in range(3):
        site.told()
        assert site.downloads().fetch(always), "nothing is wanted: this one was looked at"
    assert site.carrier.meter.requests == asked + 3
    assert site.deeds().count(Action.UPDATE_REFUSED) == 1
    assert site.updates.pack().version == "1"


def test_what_is_not_the_hub_brings_nothing(deployment: Deployment, tmp_path: Path) -> None:
    with (
        Hub(tmp_path / "hub") as hub,
        Way(forwarding(hub.url)) as way,
        site_of(hub, tmp_path / "kiosk", by_way_of=way.url) as site,
    ):
        site.releases.publish(deployment.update("2"))
        site.told()
        way.become(answering(page("200 OK", b"<h1>Welcome to the hotel</h1>")))
        assert not site.downloads().fetch(always)
        assert isinstance(site.updates.trouble, Fault)
        assert site.updates.standing().state is State.NONE
        way.become(forwarding(hub.url))
        assert site.downloads().fetch(always)
        assert site.updates.trouble is None


def test_a_hub_takes_no_older_release_none_of_others_and_none_that_lacks_something(
    deployment: Deployment, site: Site, tmp_path: Path
) -> None:
    first, second = deployment.update("2"), deployment.update("3")
    site.releases.publish(second)
    assert site.releases.publish(second).release.number == 2
    with pytest.raises(PackFault, match="older"):
        site.releases.publish(first)
    with pytest.raises(PackFault, match="not signed by anyone"):
        site.releases.publish(Deployment(tmp_path / "other").update("9"))
    third = deployment.update("4")
    third.write_bytes(third.read_bytes()[:-5000])
    with pytest.raises(PackFault, match="damaged"):
        site.releases.publish(third)
    from kiosk.updates.bundle import read_head, write_bundle

    write_bundle(tmp_path / "bare", read_head(deployment.update("5")), [])
    with pytest.raises(HubFault, match="does not hold everything"):
        site.releases.publish(tmp_path / "bare")
    site.told()
    site.downloads().fetch(always)
    site.updates.apply()
    assert site.updates.pack().version == "3"


def test_the_file_for_the_stick_is_the_published_one(
    deployment: Deployment, site: Site, tmp_path: Path
) -> None:
    assert site.releases.write_for_stick(tmp_path / STICK_FILE) is None
    made = deployment.update("2", xform=large("2"))
    site.releases.publish(made)
    assert site.releases.write_for_stick(tmp_path / STICK_FILE) == 1
    assert (tmp_path / STICK_FILE).read_bytes() == made.read_bytes()
    written_at = (tmp_path / STICK_FILE).stat().st_mtime_ns
    site.releases.write_for_stick(tmp_path / STICK_FILE)
    assert (tmp_path / STICK_FILE).stat().st_mtime_ns == written_at


def test_a_hub_opens_answers_to_the_forms_that_it_published(deployment: Deployment, tmp_path: Path) -> None:
    """Without a restart: the form came with the catalogue."""
    from tests.sync.parties import FORM_XML

    with Hub(tmp_path / "hub", forms={}) as hub, site_of(hub, tmp_path / "kiosk") as site:
        before = site.kiosk.store("100000000000001")
        site.told()
        assert references(hub) == [None]
        site.releases.publish(deployment.update("2", xform=FORM_XML, form="heating"))
        after = site.kiosk.store("100000000000002")
        site.told()
        assert site.kiosk.state(before) is site.kiosk.state(after) is OutboxState.ACKNOWLEDGED
        assert sorted(filter(None, references(hub))) == ["100000000000002"]


def references(hub: Hub) -> list[str | None]:
    from sync.hub.rows import ApplicationRow

    with hub.database.transaction() as session:
        return list(session.scalars(select(ApplicationRow.reference)))
