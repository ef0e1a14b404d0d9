"""The services that a kiosk works with: the installed version, and of earlier ones what is still needed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.catalogue import Pack, load_pack
from kiosk.errors import Message, PackFault
from kiosk.store import Database, Repositories, Setting
from kiosk.store.packs import PackRecord
from kiosk.texts import N_
from kiosk.updates.release import Kind, damaged
from kiosk.updates.shelf import Shelf

PACK_FILE = "current.opora-pack"
"""What the kiosk was set up with; what updates bring lies on the shelf."""
FOLDER = "updates"


@dataclass(frozen=True, slots=True)
class Needed:
    """What unfinished applications and unsent envelopes refer to, which therefore has to stay."""

    forms: frozenset[str]
    """Digests of forms."""
    agencies: frozenset[str]

    @classmethod
    def by(cls, repositories: Repositories) -> "Needed":
        return cls(repositories.drafts.forms_in_use(), repositories.outbox.agencies_in_use())

    def without(self, pack: Pack) -> "Needed":
        """What ``pack`` does not have."""
        return Needed(
            self.forms - {form.sha256 for form in pack.forms.values()} - set(pack.earlier_forms),
            self.agencies - set(pack.agencies),
        )

    def met_by(self, pack: Pack) -> bool:
        """Whether ``pack`` has any of it."""
        return not self.forms.isdisjoint(form.sha256 for form in pack.forms.values()) or not (
            self.agencies.isdisjoint(pack.agencies)
        )


def row_of(kind: str, id: str) -> str:
    """The id under which the store keeps which version is installed."""
    return f"{kind}:{id}"


def of_kind(records: Iterable[PackRecord], kind: Kind) -> tuple[PackRecord, ...]:
    return tuple(each for each in records if each.id.startswith(f"{kind}:"))


def install(repositories: Repositories, row: str, version: str, digest: str) -> None:
    """In the caller's transaction: this version is in use from now on, and the one in use so far is the one
    before."""
    so_far = next((each.version for each in repositories.packs.installed() if each.id == row), version)
    if so_far != version:
        left = _left(repositories)
        left[row] = [so_far, *(each for each in left.get(row, ()) if each not in (so_far, version))]
        repositories.settings.put(Setting.UPDATE_BEFORE, json.dumps(left))
    repositories.packs.install(row, version, digest, repositories.clock())


def retired(repositories: Repositories) -> tuple[PackRecord, ...]:
    """Versions that are kept and not in use: of each kind the one that was left last comes first, and is the
    one to which there is a way back."""
    left = _left(repositories)

    def place(record: PackRecord) -> int:
        versions = left.get(record.id, [])
        return versions.index(record.version) if record.version in versions else len(versions)

    return tuple(sorted(repositories.packs.retired(), key=place))


def known(repositories: Repositories, kind: Kind) -> tuple[PackRecord, ...]:
    """Every version that is kept: the one in use, the one before, then the others."""
    return of_kind((*repositories.packs.installed(), *retired(repositories)), kind)


def _left(repositories: Repositories) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(repositories.settings.get(Setting.UPDATE_BEFORE) or "{}")
    return found


def load_installed(database: Database) -> Pack:
    """Where the installed version is damaged on the disk, the one before it serves.

    Raises :class:`~kiosk.errors.PackFault` where there is none at all.
    """
    shelf = Shelf(database.folder / FOLDER)
    with database.reader() as repositories:
        records = known(repositories, Kind.CATALOGUE)
        needed = Needed.by(repositories)
    pack, first = None, None
    for record in records:
        try:
            pack = load_body(shelf, record.digest)
            break
        except PackFault as fault:
            first = first or fault
    if pack is None:
        file = database.folder / PACK_FILE
        if not file.exists():
            raise first or PackFault(
                Message(N_("There are no services on this kiosk yet.")),
                Message(N_("Please ask the coordinator to install a pack.")),
                detail=str(file),
            )
        pack = load_pack(file)
    return with_earlier(pack, shelf, records, needed)[0]


def load_body(shelf: Shelf, digest: str) -> Pack:
    """Raises :class:`~kiosk.errors.PackFault` also for a body that is no longer what its name says."""
    if shelf.read(digest) is None:
        raise damaged(digest[:12])
    return load_pack(shelf.path(digest))


def with_earlier(
    pack: Pack, shelf: Shelf, records: Iterable[PackRecord], needed: Needed
) -> tuple[Pack, frozenset[str]]:
    """``pack`` with what other versions have of ``needed``; and those versions' digests."""
    kept = set()
    for record in records:
        missing = needed.without(pack)
        if not (missing.forms or missing.agencies):
            break
        try:
            older = load_body(shelf, record.digest)
        except PackFault:
            # Its draft then says that the questions have changed; the answers stay sealed.
            continue
        if missing.met_by(older):
            pack = pack.following(older)
            kept.add(record.digest)
    return pack, frozenset(kept)
