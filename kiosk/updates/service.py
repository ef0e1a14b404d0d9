"""One kiosk's updates: believed, gathered, examined, applied between two people, taken back.

Which version counts is one transaction of the store, with its entry in the journal. Before it everything lies
whole and synced on the shelf; what is swept afterwards is needed by nobody. So a power cut at any moment
leaves the version before or the version after, and nothing in between (``python -m tests.faults.updates``).
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.catalogue import Pack
from kiosk.errors import Fault, Message, PackFault
from kiosk.journal import KIOSK, Action, Actor, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.store import Clock, Repositories, Setting, WriterLane
from kiosk.store.packs import PackRecord
from kiosk.texts import N_
from kiosk.updates.brought import Catalogues
from kiosk.updates.installed import (
    FOLDER,
    Needed,
    install,
    known,
    load_body,
    of_kind,
    retired,
    row_of,
    with_earlier,
)
from kiosk.updates.release import Kind, Release, Target, nobody_trusted
from kiosk.updates.shelf import LEAVE_FREE, Shelf
from kiosk.updates.spool import Spool
from kiosk.updates.standing import HISTORY, Kept, Standing, State, went_back


class Updates:
    """Every call waits for disk and lane: not for a GUI's thread. Calls of several threads come one by one.

    ``listeners`` are called, on whichever thread it happened, when another version counts than before.
    """

    def __init__(
        self, lane: WriterLane, clock: Clock, *, leave_free: int = LEAVE_FREE, spool: Spool | None = None
    ) -> None:
        """Without a ``spool`` the application is another's concern: an apt repository's, say."""
        self._spool = spool
        self._lane = lane
        self._clock = clock
        self._lock = threading.RLock()
        self.shelf = Shelf(lane.database.folder / FOLDER, leave_free)
        self._catalogues = Catalogues(lane.database, self.shelf)
        self.listeners: list[Callable[[], None]] = []
        self.trouble: Fault | None = None
        """Why what is coming does not come, as long as that is so."""

    # -- trust

    @property
    def trusts_anybody(self) -> bool:
        return self._kept().root is not None

    def trust(self, root: bytes, actor: Actor) -> str:
        """From now on the releases of this first root are believed. Returns its number.

        Somebody has compared that number, or the root came from the hub that enrolled this kiosk.
        """
        from kiosk.updates.trust import check_root, fingerprint

        check_root(root)
        number = fingerprint(root)

        def work(repositories: Repositories) -> None:
            put = repositories.settings.put
            put(Setting.UPDATE_ROOT, root.decode())
            put(Setting.UPDATE_SEEN, "{}")
            repositories.journal.append(self._clock(), actor, Action.UPDATES_TRUSTED, number)

        with self._lock:
            self._lane.submit(work).result()
        return number

    def trust_first_of(self, head: bytes, actor: Actor) -> str:
        """As :meth:`trust`, of the root that this head's chain begins with. A head that is none, or whose
        root does not vouch for itself, stands in the journal."""
        from kiosk.updates.trust import Head

        try:
            return self.trust(Head.reading(head).first_root(), actor)
        except PackFault as fault:
            self._note_refusal(fault, "", actor)
            raise

    def has_all_of(self, head: bytes) -> bool:
        """Whether this is the newest release that is known, and nothing of it is wanted any more."""
        return self._kept().head == hashlib.sha256(head).hexdigest() and not self.missing()

    def note_refusal(self, fault: PackFault) -> None:
        """Writes down that something was refused on the way here."""
        self._note_refusal(fault, "", KIOSK)

    def number_of(self, head: bytes) -> str:
        """Of the root that this head's chain begins with, for comparing. Raises PackFault."""
        from kiosk.updates.trust import Head, fingerprint

        return fingerprint(Head.reading(head).first_root())

    def trust_head_as(self, signed_in: SignedIn, head: bytes) -> str:
        """As :meth:`trust_as`, of the root that this head's chain begins with."""
        signed_in.require(Permission.INSTALL_PACKS)
        return self.trust_first_of(head, operator_actor(signed_in.id))

    def trust_as(self, signed_in: SignedIn, root: bytes) -> str:
        """A coordinator has compared the number. Anybody else gets :class:`~kiosk.errors.SignInFault`."""
        signed_in.require(Permission.INSTALL_PACKS)
        return self.trust(root, operator_actor(signed_in.id))

    # -- what comes

    def offer(self, head: bytes, actor: Actor = KIOSK) -> Release:
        """Believes a release, where the keys vouch for it and it is not older; then its bodies are wanted.

        Raises :class:`~kiosk.errors.PackFault`, which then stands in the journal.
        """
        with self._lock:
            return self._offer(head, actor)

    def _offer(self, head: bytes, actor: Actor) -> Release:
        from kiosk.updates.trust import Head, Seen

        kept = self._kept()
        newest = kept.root
        try:
            if kept.root is None:
                raise nobody_trusted()
            read = Head.reading(head)
            newest = read.newest_root(kept.root)
            seen = None if kept.number is None else Seen(kept.number, kept.digest)
            believed = read.believed(kept.root, seen, kept.deployment)
        except PackFault as fault:
            # A root that was believed stays believed, whatever is wrong with what came along.
            self._note_refusal(fault, "", actor, newest if newest != kept.root else None)
            raise
        release = believed.release
        if (release.number, release.digest) == (kept.number, kept.digest) and self.shelf.has(kept.head):
            return release
        digest = self.shelf.put(head)
        seen_now = {"number": release.number, "digest": release.digest, "head": digest}

        def work(repositories: Repositories) -> None:
            put = repositories.settings.put
            put(Setting.UPDATE_ROOT, believed.root.decode())
            put(Setting.UPDATE_SEEN, json.dumps(seen_now))
            put(Setting.UPDATE_TOLD, "")
            repositories.journal.append(self._clock(), actor, Action.UPDATE_ARRIVED, str(release.number))

        self._lane.submit(work).result()
        self.tidy()
        return release

    def release(self) -> Release | None:
        """The newest that was believed; read anew from what its keys signed."""
        return self._release(self._kept())

    def _release(self, kept: Kept) -> Release | None:
        from kiosk.updates.trust import Head, Seen

        head = self.shelf.read(kept.head) if kept.head else None
        if head is None or kept.root is None or kept.number is None:
            return None
        return Head.reading(head).believed(kept.root, Seen(kept.number, kept.digest), kept.deployment).release

    def missing(self) -> tuple[Target, ...]:
        """Bodies that are wanted and not here yet, the smallest first."""
        kept = self._kept()
        release = self._release(kept)
        if release is None or release.digest == kept.refused:
            return ()
        done = release.digest == kept.applied
        wanted = (
            target
            for target in release.targets
            if self._wants_application(target) or (self._needs(target) and not done)
        )
        return tuple(
            sorted((each for each in wanted if not self.shelf.has(each.digest)), key=lambda each: each.size)
        )

    def _needs(self, target: Target) -> bool:
        """Nothing of a release is taken up before this is here."""
        return target.kind == Kind.CATALOGUE

    def _wants_application(self, target: Target) -> bool:
        """It may come later, by another way than the rest: nothing waits for it."""
        return self._spool is not None and self._spool.wants(target)

    def take_file(
        self, file: Path, actor: Actor, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> Release:
        """A whole update from a stick. Raises :class:`~kiosk.errors.PackFault` or
        :class:`~kiosk.errors.StoreFault`; what it refuses stands in the journal."""
        from kiosk.updates.bundle import read_bodies, read_head

        with self._lock:
            try:
                head = read_head(file)
            except PackFault as fault:
                self._note_refusal(fault, "", actor)
                raise
            release = self._offer(head, actor)

            def take(target: Target, chunks: Iterator[bytes]) -> None:
                if self._needs(target) or self._wants_application(target):
                    self.shelf.receive(target.digest, target.size, chunks)
                else:
                    for _ in chunks:
                        pass

            try:
                read_bodies(file, release, take, progress)
            except PackFault as fault:
                self._note_refusal(fault, "", actor)
                raise
            return release

    # -- applying

    def examine(self) -> State:
        """Looks at everything that came, once; seconds for a large pack. What cannot be used is refused, with
        the reason kept for the coordinator's page."""
        with self._lock:
            kept = self._kept()
            release = self._release(kept)
            state = self._state(kept, release)
            if release is None or state is not State.READY or self._catalogues.examined == release.digest:
                return state
            try:
                self._catalogues.of(release)
            except PackFault as fault:
                self._note_refusal(fault, release.digest, KIOSK)
                return State.REFUSED
            self._catalogues.examined = release.digest
            return State.HELD if self._catalogues.held(release) else State.READY

    def apply(self) -> bool:
        """Takes up what is ready. Whoever calls has seen to it that nobody is at the screen. False where
        nothing is, or where envelopes have to go first."""
        with self._lock:
            kept = self._kept()
            if not kept.head or kept.digest == kept.refused:
                return False
            if kept.digest == kept.applied:
                self._lay_application(kept)
                return False
            if self.examine() is not State.READY:
                return False
            release = self.release()
            assert release is not None, "it was examined"
            pack, target = self._catalogues.of(release)
            first = self._catalogues.first_pack()

            def work(repositories: Repositories) -> None:
                if pack is not None and target is not None:
                    if first is not None and not known(repositories, Kind.CATALOGUE):
                        install(repositories, row_of(Kind.CATALOGUE, first[0].id), *first[1:])
                    install(repositories, row_of(Kind.CATALOGUE, target.id), target.version, target.digest)
                    repositories.journal.append(
                        self._clock(),
                        KIOSK,
                        Action.PACK_INSTALLED,
                        f"{target.id} {target.version}",
                        {"digest": target.digest, "release": str(release.number)},
                    )
                repositories.settings.put(Setting.UPDATE_APPLIED, release.digest)

            self._lane.submit(work).result()
            self._lay_application(self._kept())
            self.tidy()
        self._tell()
        return True

    def _lay_application(self, kept: Kept) -> None:
        """For root, once it is here. At every look again, so a power cut in between loses nothing."""
        if self._spool is None:
            return
        release, head = self._release(kept), self.shelf.read(kept.head)
        for target in () if release is None or head is None else release.of(Kind.APPLICATION):
            if self._spool.wants(target) and self.shelf.has(target.digest):
                assert head is not None, "read above"
                self._spool.lay(head, target, self.shelf.path(target.digest))

    def back(self, signed_in: SignedIn) -> str:
        """Takes up the version before; the one that was left is then the one before. Returns the version.

        Raises :class:`~kiosk.errors.SignInFault` (not a coordinator) or :class:`~kiosk.errors.PackFault`
        (there is none).
        """
        signed_in.require(Permission.INSTALL_PACKS)
        return self.take_back(operator_actor(signed_in.id))

    def take_back(self, actor: Actor) -> str:
        """As :meth:`back`, for somebody at a terminal."""
        with self._lock:
            before = self._catalogues.before()
            if before is None:
                raise PackFault(
                    Message(N_("There is no earlier version on this kiosk.")),
                    Message(N_("The kiosk goes on with what it has.")),
                )
            load_body(self.shelf, before.digest)

            def work(repositories: Repositories) -> None:
                install(repositories, before.id, before.version, before.digest)
                name = f"{before.id.partition(':')[2]} {before.version}"
                repositories.journal.append(self._clock(), actor, Action.UPDATE_TAKEN_BACK, name)

            self._lane.submit(work).result()
        self._tell()
        return before.version

    def pack(self) -> Pack:
        """See :func:`~kiosk.updates.installed.load_installed`."""
        return self._catalogues.present()

    def tidy(self) -> None:
        """Forgets versions that nobody needs any more: neither the one in use, nor the one before, nor one
        that an unfinished application or an unsent envelope refers to. Also what a power cut left."""
        with self._lock, self._lane.database.reader() as repositories:
            kept = Kept.read(repositories)
            installed, others = repositories.packs.installed(), retired(repositories)
            needed = Needed.by(repositories)
        keep = {record.digest for record in installed} | {kept.head}
        one_before: dict[str, PackRecord] = {}
        for record in others:
            one_before.setdefault(record.id, record)
        keep |= {record.digest for record in one_before.values()}
        for record in of_kind(installed, Kind.CATALOGUE):
            try:
                pack = load_body(self.shelf, record.digest)
            except PackFault:
                # Damaged on the disk: an earlier version serves, so none is forgotten.
                keep |= {each.digest for each in others}
                continue
            keep |= with_earlier(pack, self.shelf, of_kind(others, Kind.CATALOGUE), needed)[1]
        release = self._release(kept)
        if release is not None and release.digest != kept.refused:
            done = release.digest == kept.applied
            keep |= {
                target.digest for target in release.targets if not done or self._wants_application(target)
            }
        gone = [record for record in others if record.digest not in keep]
        if gone:

            def work(repositories: Repositories) -> None:
                for record in gone:
                    repositories.packs.forget(record.id, record.version)

            self._lane.submit(work).result()
        self.shelf.sweep(keep)

    # -- how it stands

    def standing(self, count: int = 12) -> Standing:
        from kiosk.updates.trust import fingerprint

        with self._lane.database.reader() as repositories:
            kept = Kept.read(repositories)
            installed = of_kind(repositories.packs.installed(), Kind.CATALOGUE)
            history = repositories.journal.newest_of(HISTORY, count)
        release = self._release(kept)
        wanted = [each for each in release.targets if self._needs(each)] if release else []
        before = self._catalogues.before()
        return Standing(
            state=self._state(kept, release),
            installed=installed[0].version if installed else self._catalogues.present_version(),
            installed_at=installed[0].installed_at if installed else None,
            before="" if before is None else before.version,
            number=0 if release is None else release.number,
            arrived=sum(self.shelf.arrived(each.digest, each.size) for each in wanted),
            total=sum(each.size for each in wanted),
            expires=None if release is None else release.expires,
            trusts=fingerprint(kept.root) if kept.root is not None else "",
            refusal=kept.refusal if release is not None and kept.refused == release.digest else None,
            history=history,
            went_back=went_back(release, kept.applied, installed),
        )

    def _state(self, kept: Kept, release: Release | None) -> State:
        if release is None:
            return State.NONE
        if release.digest == kept.applied:
            return State.APPLIED
        if release.digest == kept.refused:
            return State.REFUSED
        wanted = [target for target in release.targets if self._needs(target)]
        if any(not self.shelf.has(target.digest) for target in wanted):
            return State.COMING
        return (
            State.HELD
            if self._catalogues.examined == release.digest and self._catalogues.held(release)
            else State.READY
        )

    def _kept(self) -> Kept:
        with self._lane.database.reader() as repositories:
            return Kept.read(repositories)

    def _note_refusal(self, fault: PackFault, release: str, actor: Actor, root: bytes | None = None) -> None:
        refused = {"digest": release, "msgid": fault.title.msgid, "gaps": dict(fault.title.gaps)}
        # The sentence and what fills it, so that it can be read in any language later.
        details = {"detail": fault.detail} | {name: str(gap) for name, gap in fault.title.gaps.items()}

        def work(repositories: Repositories) -> None:
            if root is not None:
                repositories.settings.put(Setting.UPDATE_ROOT, root.decode())
            if release:
                repositories.settings.put(Setting.UPDATE_REFUSED, json.dumps(refused))
            repositories.journal.append(
                self._clock(), actor, Action.UPDATE_REFUSED, fault.title.msgid, details
            )

        self._lane.submit(work).result()

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()
