"""The catalogue that a release brings, looked at beside the one in use and the one before."""

import hashlib

from kiosk.catalogue import Pack, load_pack
from kiosk.errors import PackFault
from kiosk.ids import AgencyId
from kiosk.store import Database
from kiosk.store.packs import PackRecord
from kiosk.updates.examining import examined_pack
from kiosk.updates.installed import PACK_FILE, known, load_body, load_installed, of_kind, retired, row_of
from kiosk.updates.release import Kind, Release, Target, unusable
from kiosk.updates.shelf import Shelf


class Catalogues:
    """Reads the store and the shelf: not for a GUI's thread. ``examined`` is the digest of the release that
    needs no second look, which takes seconds for a large pack."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf
        self.examined = ""

    def present(self) -> Pack:
        """See :func:`~kiosk.updates.installed.load_installed`."""
        return load_installed(self._database)

    def held(self, release: Release) -> bool:
        """Envelopes for an OpenRosa server are sealed otherwise than those for a hub: where an agency comes
        to have another way, what waits for it goes the old way first."""
        pack, _ = self.of(release)
        with self._database.reader() as repositories:
            unsent = repositories.outbox.agencies_in_use()
        if pack is None or not unsent:
            return False
        present = self.present()
        return any(
            (now := pack.agencies.get(id)) is not None
            and (was := present.agencies.get(id)) is not None
            and now.openrosa != was.openrosa
            for id in map(AgencyId, unsent)
        )

    def of(self, release: Release) -> tuple[Pack | None, Target | None]:
        """The release's pack, examined; none where it brings none."""
        targets = release.of(Kind.CATALOGUE)
        if not targets:
            return None, None
        if len(targets) > 1:
            raise unusable(targets[1].id[:60], "more than one catalogue")
        (target,) = targets
        with self._database.reader() as repositories:
            records = known(repositories, Kind.CATALOGUE)
        name = row_of(Kind.CATALOGUE, target.id)
        for record in records:
            if (record.id, record.version) == (name, target.version) and record.digest != target.digest:
                raise unusable(f"{target.id} {target.version}"[:80], "this version came with other content")
        try:
            installed: Pack | None = self.present()
        except PackFault:
            installed = None
        if self.examined == release.digest:
            return load_body(self._shelf, target.digest), target
        if self._shelf.read(target.digest) is None:
            raise unusable(f"{target.id} {target.version}"[:80], "damaged on the disk")
        pack = examined_pack(self._shelf.path(target.digest), target, installed)
        if installed is not None and not records:
            same = installed.version == pack.version
            if same and self._first_digest() != target.digest:
                raise unusable(f"{target.id} {target.version}"[:80], "this version came with other content")
        return pack, target

    def first_pack(self) -> tuple[Pack, str, str] | None:
        """What the kiosk was set up with, laid on the shelf so that there is a way back to it."""
        file = self._database.folder / PACK_FILE
        try:
            pack = load_pack(file)
            return pack, pack.version, self._shelf.put(file.read_bytes())
        except (PackFault, OSError):
            return None

    def _first_digest(self) -> str:
        return hashlib.sha256((self._database.folder / PACK_FILE).read_bytes()).hexdigest()

    def present_version(self) -> str:
        """Blank where there is no pack at all."""
        try:
            return self.present().version
        except PackFault:
            return ""

    def before(self) -> PackRecord | None:
        """What there is a way back to."""
        with self._database.reader() as repositories:
            ids = {record.id for record in repositories.packs.installed()}
            others = of_kind(retired(repositories), Kind.CATALOGUE)
        found = (each for each in others if each.id in ids and self._shelf.has(each.digest))
        return next(found, None)
