"""Updates at the hub: published once, told to every kiosk that knows another, handed down piece by piece.

Releases are public and bear their author's signatures; the hub checks those as a kiosk does, and holds none
of the keys. All of it stands in the database, so any process of the hub hands down the next piece.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from kiosk.catalogue import load_pack
from kiosk.errors import HubFault, Message, PackFault
from kiosk.texts import N_
from kiosk.updates.bundle import MAGIC, Progress, read_bodies, read_head, write_bundle
from kiosk.updates.release import Kind, Release
from kiosk.updates.trust import Head, Seen, fingerprint
from sync.hub.database import HubDatabase, micros
from sync.hub.deliveries import lock_kiosk
from sync.hub.identity import HubIdentity
from sync.hub.limits import Limits, count_request, spend_nonce
from sync.hub.opening import Opener
from sync.hub.refusing import Refused
from sync.hub.rows import ReleaseBodyRow, ReleasePieceRow, ReleaseRow
from sync.kinds import RefusalCode
from sync.protocol import MOST_PIECE, PROTOCOL, UPDATES_PATH, PackVersion, UpdatePiece, Wanted
from sync.signatures import Signed

HEAD = "head"
"""The kind under which a release's signed list is kept beside its bodies."""
_PIECE = 128 * 1024


@dataclass(frozen=True, slots=True)
class Published:
    """``trusts``: the number of the first root, where this release was the first of all; else blank."""

    release: Release
    bodies: int
    size: int
    trusts: str


class Releases:
    """Publishes releases, and answers the kiosks that ask for one."""

    def __init__(
        self,
        database: HubDatabase,
        identity: HubIdentity,
        clock: Callable[[], datetime],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._database = database
        self._identity = identity
        self._clock = clock
        self._limits = limits
        self._taught: set[str] = set()

    def publish(self, file: Path, progress: Progress = lambda done, total: None) -> Published:
        """Takes an update file in, whole or not at all; the same one again changes nothing.

        The first of all decides whose releases these are. Raises :class:`~kiosk.errors.PackFault` for one
        that is damaged, older, or signed by others, and HubFault for one that is not complete.
        """
        content = read_head(file)
        head = Head.reading(content)
        with self._database.transaction() as session:
            last = _newest(session)
            root = head.first_root() if last is None else last.root
            seen = None if last is None else Seen(last.number, last.listed)
            believed = head.believed(root, seen, str(self._identity.deployment))
            release = believed.release
            if last is None or release.digest != last.listed:
                session.add(
                    ReleaseRow(
                        position=1 if last is None else last.position + 1,
                        number=release.number,
                        head=hashlib.sha256(content).hexdigest(),
                        listed=release.digest,
                        root=believed.root,
                        published_at=micros(self._clock()),
                    )
                )
                _keep(session, HEAD, hashlib.sha256(content).hexdigest(), len(content), iter((content,)))
            count = read_bodies(
                file,
                release,
                lambda target, chunks: _keep(session, target.kind, target.digest, target.size, chunks),
                progress,
            )
            session.flush()
            _refuse_incomplete(session, release)
            _forget_old(session, release)
            size = sum(target.size for target in release.targets)
        return Published(release, count, size, fingerprint(root) if last is None else "")

    def give(self, wanted: Wanted, signed: Signed) -> UpdatePiece:
        """Raises :class:`Refused` for what is not there (any more)."""
        now = self._clock()
        with self._database.transaction() as session:
            kiosk = lock_kiosk(session, wanted.kiosk)
            if kiosk is None:
                raise Refused(401, RefusalCode.UNKNOWN_KIOSK, "This kiosk is not enrolled at this hub.")
            count_request(kiosk, self._limits, now)
            spend_nonce(session, kiosk.id, signed, now)
            row = session.get(ReleaseBodyRow, wanted.digest)
            if row is None or wanted.offset >= row.size:
                raise Refused(404, RefusalCode.NO_SUCH_PLACE, "No update that is offered here has this.")
            body = b"".join(_pieces(session, row.digest, wanted.offset, min(wanted.most, MOST_PIECE)))
            return UpdatePiece(
                protocol=min(wanted.protocol, PROTOCOL),
                hub=self._identity.hub,
                at=now,
                digest=row.digest,
                size=row.size,
                offset=wanted.offset,
                body=body,
            )

    def write_for_stick(self, out: Path) -> int | None:
        """The newest release with all its bodies as one file for a stick; its number, None where there is no
        release. An equal file that lies there already is left alone."""
        with self._database.transaction() as session:
            row = _newest(session)
            if row is None:
                return None
            head = b"".join(_pieces(session, row.head, 0, None))
        release = Head.reading(head).believed(row.root, None).release
        if not _same_release(out, head, release):
            bodies = [(target.digest, target.size, self._body(target.digest)) for target in release.targets]
            write_bundle(out, head, bodies)
        return release.number

    def _body(self, digest: str) -> Iterator[bytes]:
        """A transaction a piece: a slow stick must not keep kiosks waiting for the database."""
        start = 0
        while True:
            with self._database.transaction() as session:
                piece = b"".join(_pieces(session, digest, start, _PIECE))
            if not piece:
                return
            yield piece
            start += len(piece)

    def teach(self, opener: Opener) -> bool:
        """The forms of catalogues that were published and that ``opener`` has not been taught yet."""
        with self._database.transaction() as session:
            rows = session.scalars(select(ReleaseBodyRow.digest).where(ReleaseBodyRow.kind == Kind.CATALOGUE))
            new = [digest for digest in rows if digest not in self._taught]
        for digest in new:
            opener.learn(self._forms(digest))
            self._taught.add(digest)
        return bool(new)

    def _forms(self, digest: str) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pack"
            file.write_bytes(b"".join(self._body(digest)))
            try:
                return {form.sha256: form.source for form in load_pack(file).forms.values()}
            except PackFault:
                return {}


def told(session: Session, known: int | None) -> tuple[PackVersion, ...]:
    """The newest release, to a kiosk that knows another and takes updates up."""
    row = None if known is None else _newest(session)
    if row is None or row.number == known:
        return ()
    size = session.get_one(ReleaseBodyRow, row.head).size
    return (
        PackVersion(id="release", version=str(row.number), digest=row.head, size=size, path=UPDATES_PATH),
    )


def _newest(session: Session) -> ReleaseRow | None:
    return session.scalars(select(ReleaseRow).order_by(ReleaseRow.position.desc()).limit(1)).one_or_none()


def _keep(session: Session, kind: str, digest: str, size: int, chunks: Iterator[bytes]) -> None:
    known = session.get(ReleaseBodyRow, digest) is not None
    hashed, start, waiting = hashlib.sha256(), 0, b""
    for chunk in chunks:
        hashed.update(chunk)
        waiting += chunk
        while len(waiting) >= _PIECE:
            start, waiting = _keep_piece(session, known, digest, start, waiting)
    if waiting:
        start, _ = _keep_piece(session, known, digest, start, waiting)
    if hashed.hexdigest() != digest or start != size:
        raise PackFault(
            Message(N_("This update is damaged or incomplete.")),
            Message(N_("Everything stays as it is. Ask your agency for a whole new copy.")),
            digest[:12],
        )
    if not known:
        session.add(ReleaseBodyRow(digest=digest, size=size, kind=kind))


def _keep_piece(session: Session, known: bool, digest: str, start: int, waiting: bytes) -> tuple[int, bytes]:
    piece = waiting[:_PIECE]
    if not known:
        session.execute(insert(ReleasePieceRow).values(digest=digest, start=start, body=piece))
    return start + len(piece), waiting[_PIECE:]


def _pieces(session: Session, digest: str, offset: int, most: int | None) -> Iterator[bytes]:
    """The bytes of a body from ``offset`` on, at most ``most``."""
    left = most
    start = offset - offset % _PIECE
    while left is None or left > 0:
        piece = session.scalar(
            select(ReleasePieceRow.body).where(
                ReleasePieceRow.digest == digest, ReleasePieceRow.start == start
            )
        )
        if piece is None:
            return
        cut = piece[max(0, offset - start) :][:left]
        left = None if left is None else left - len(cut)
        yield cut
        start += len(piece)


def _refuse_incomplete(session: Session, release: Release) -> None:
    """What a kiosk could never complete must not be told to one."""
    wanted = {target.digest for target in release.targets}
    found = select(func.count()).select_from(ReleaseBodyRow).where(ReleaseBodyRow.digest.in_(wanted))
    if session.scalar(found) != len(wanted):
        raise HubFault(
            Message(N_("This file does not hold everything that its list names.")),
            Message(N_("Publish the whole file that “opora update make” wrote.")),
        )


def _forget_old(session: Session, release: Release) -> None:
    """Catalogues stay, for answers that were given to their forms; large things of earlier releases go."""
    keep = {target.digest for target in release.targets}
    old = [
        row.digest
        for row in session.scalars(
            select(ReleaseBodyRow).where(ReleaseBodyRow.kind.not_in((HEAD, Kind.CATALOGUE)))
        )
        if row.digest not in keep
    ]
    if old:
        session.execute(delete(ReleasePieceRow).where(ReleasePieceRow.digest.in_(old)))
        session.execute(delete(ReleaseBodyRow).where(ReleaseBodyRow.digest.in_(old)))


def _same_release(file: Path, head: bytes, release: Release) -> bool:
    if not file.exists():
        return False
    size = len(MAGIC) + 4 + len(head) + sum(40 + target.size for target in release.targets)
    try:
        return file.stat().st_size == size and read_head(file) == head
    except PackFault:
        return False
