"""Whether the same person has already applied: a keyed index that nobody without the centre's key can search.

An eleven-digit number is found in minutes by whoever may try them all, so what is compared is an HMAC whose
key lies under the centre's private key. With nobody signed in that key is closed: the three facts are sealed
to the centre, compared at the next sign-in, and erased.
"""

import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from kiosk.errors import SealFault
from kiosk.ids import ApplicationId
from kiosk.journal import KIOSK, Action
from kiosk.operators import SignedIn
from kiosk.store import Clock, Repositories, WriterLane

HALF = 16
"""Bytes of each half of an index: the number's, and that of name and birth date together."""
_BLANK = bytes(HALF)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Who a person is, as far as they said. ``born`` is ISO 8601; each may be blank."""

    name: str = ""
    born: str = ""
    number: str = ""

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def from_json(text: bytes) -> "Likeness":
        facts = json.loads(text)
        return Likeness(facts["name"], facts["born"], facts["number"])

    @property
    def initials(self) -> str:
        return "".join(f"{word[0]}." for word in self.name.split()[:3])

    def index(self, key: bytes) -> bytes | None:
        """Two halves of 16 bytes, each zero where its facts are missing; None where both are."""
        number = "".join(
            sign for sign in unicodedata.normalize("NFKC", self.number).casefold() if sign.isalnum()
        )
        words = sorted(normalised(self.name).split())
        person = f"{' '.join(words)}\0{self.born}" if words and self.born else ""
        halves = tuple(
            hmac.digest(key, f"{label}\0{facts}".encode(), "sha256")[:HALF] if facts else _BLANK
            for label, facts in (("number", number), ("person", person))
        )
        return None if halves == (_BLANK, _BLANK) else b"".join(halves)


def normalised(name: str) -> str:
    """The same for ё and е, for capitals and small letters, for accents, and for other kinds of blanks."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())


class Likenesses:
    """Comparing what was stored while nobody was signed in."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def settle(self, signed_in: SignedIn) -> int:
        """Puts what waits into the index and erases the facts. Returns how many there were."""
        with self._lane.database.reader() as repositories:
            if not repositories.applications.with_likeness():
                return 0
        now = self._clock()

        def work(repositories: Repositories) -> int:
            waiting = repositories.applications.with_likeness()
            key = index_key(repositories, signed_in)
            for record in waiting:
                index: bytes | None = None
                try:
                    identity = signed_in.centre.for_key(record.centre_key_id)
                    facts = repositories.applications.likeness(record.id, identity)
                    index = Likeness.from_json(facts).index(key) if facts and key else None
                except SealFault:
                    # Tampered with: nothing can be compared, and nothing of it is to stay.
                    index = None
                repositories.applications.set_index(record.id, index)
            repositories.journal.append(now, KIOSK, Action.LIKENESS_ERASED, str(len(waiting)))
            return len(waiting)

        return self._lane.submit(work).result()


def index_key(repositories: Repositories, signed_in: SignedIn) -> bytes | None:
    current = signed_in.centre.current
    return repositories.centre_keys.index_key(current, signed_in.centre.for_key(current))


def groups_of(indexes: Iterable[tuple[ApplicationId, bytes]]) -> dict[ApplicationId, set[ApplicationId]]:
    """Which others each of them shares a half with that says something."""
    seen: dict[tuple[int, bytes], list[ApplicationId]] = {}
    found: dict[ApplicationId, set[ApplicationId]] = {}
    for id, index in indexes:
        for half in (0, 1):
            part = index[half * HALF : (half + 1) * HALF]
            if part == _BLANK:
                continue
            for other in seen.setdefault((half, part), []):
                found.setdefault(id, set()).add(other)
                found.setdefault(other, set()).add(id)
            seen[half, part].append(id)
    return found
