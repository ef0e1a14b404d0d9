"""A deployment that releases updates, and kiosks that take them: real keys, packs, stores."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pyrage import x25519

from kiosk.catalogue import Pack
from kiosk.journal import KIOSK, Entry
from kiosk.updates.authoring import Body, KeyFolder
from kiosk.updates.bundle import read_head
from kiosk.updates.installed import PACK_FILE
from kiosk.updates.release import Kind
from kiosk.updates.service import Updates
from kiosk.updates.standing import HISTORY
from kiosk.updates.trust import Head
from tests.flow.sample_form import AGENCY, FORM, SERVICE, XFORM
from tests.store.opened import Opened, TestClock, opened

AGENCY_KEY = x25519.Identity.generate()
RELEASED_AT = datetime(2031, 3, 1, tzinfo=UTC)


def words(en: str, ru: str, ko: str) -> dict[str, str]:
    return {"en": en, "ru": ru, "ko": ko}


def pack_files(
    version: str,
    *,
    id: str = "sample",
    xform: bytes = XFORM,
    form: str = FORM,
    service: str = SERVICE,
    agency: str = AGENCY,
    openrosa: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """The members of a pack's file: one agency, one service, one form."""
    recipient = {"recipient": str(AGENCY_KEY.to_public())} if openrosa is None else dict(openrosa)
    pack = {
        "id": id,
        "version": version,
        "languages": ["en", "ru", "ko"],
        "agencies": [
            {
                "id": agency,
                "name": words("Fund for Warmth", "Фонд тепла", "온기 재단"),
                "address": words("2 River Street", "Речная, 2", "강변로 2"),
                "phone": "+1 555 0102",
                **recipient,
            }
        ],
        "services": [
            {
                "id": service,
                "agency": agency,
                "name": words("Heating cost allowance", "Пособие на отопление", "난방비 지원금"),
                "plain_name": words("Help with heating", "Помощь с отоплением", "난방비 도움"),
                "description": words("Money for the winter.", "Деньги на зиму.", "겨울 난방비입니다."),
                "life_stage": "old_age",
                "icon": "heat",
                "form": form,
                "eligibility_description": words("Whoever heats.", "Кто топит.", "난방하는 분."),
                "what_next": words("The fund answers.", "Фонд ответит.", "답이 옵니다."),
            }
        ],
        "forms": [{"id": form, "version": "1", "file": f"forms/{form}.xml"}],
    }
    files = {"pack.json": json.dumps(pack).encode(), f"forms/{form}.xml": xform}
    listed = {
        name: {"size": len(content), "sha256": sha256(content).hexdigest()} for name, content in files.items()
    }
    manifest = {"format": 1, "id": id, "version": version, "files": listed}
    return {"manifest.json": json.dumps(manifest).encode(), **files}


def write_pack(file: Path, version: str, **what: object) -> Path:
    """A pack as `opora pack build` writes one; ``what`` as of :func:`pack_files`."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in pack_files(version, **what).items():  # type: ignore[arg-type]
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return file


def asking(question: str) -> bytes:
    """The sample form with another first question: other bytes, so another digest."""
    changed = XFORM.replace(b"What is your name?", question.encode())
    assert changed != XFORM
    return changed


@dataclass
class Deployment:
    """Releases into ``folder``; a kiosk of it is set up with version 1 of its pack."""

    folder: Path
    keys: KeyFolder = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keys = KeyFolder(self.folder / "keys")
        self.keys.make(RELEASED_AT)

    @property
    def root(self) -> bytes:
        head, _ = self.keys.head((), RELEASED_AT, number=1)
        return Head.reading(head).first_root()

    def body(self, version: str, **what: object) -> Body:
        self.made += 1
        file = write_pack(self.folder / f"{self.made}.opora-pack", version, **what)
        return Body(Kind.CATALOGUE, str(what.get("id", "sample")), version, file)

    def release(self, *bodies: Body, deployment: str = "") -> Path:
        """An update file with these bodies."""
        out = self.folder / f"release-{self.made}-{len(list(self.folder.iterdir()))}.opora-update"
        self.keys.release(bodies, out, RELEASED_AT, deployment=deployment)
        return out

    def update(self, version: str, **what: object) -> Path:
        return self.release(self.body(version, **what))


@dataclass(frozen=True)
class UpdatedKiosk:
    """A kiosk's store, and its updates as the kiosk's process would hold them."""

    store: Opened
    updates: Updates

    @property
    def pack(self) -> Pack:
        return self.updates.pack()

    def take(self, file: Path) -> None:
        self.updates.take_file(file, KIOSK)

    def history(self) -> list[tuple[str, str]]:
        """Deeds and subjects, the oldest first."""
        with self.store.database.reader() as repositories:
            entries: tuple[Entry, ...] = repositories.journal.newest_of(HISTORY, 100)
            assert repositories.journal.verify() is None
        return [(entry.action, entry.subject) for entry in reversed(entries)]


@contextmanager
def kiosk_of(
    deployment: Deployment | None, folder: Path, clock: TestClock | None = None
) -> Iterator[UpdatedKiosk]:
    """Opened, or opened again; a kiosk of ``deployment`` trusts it from the first opening on."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / PACK_FILE).exists():
        write_pack(folder / PACK_FILE, "1")
    with opened(folder, clock) as store:
        updates = Updates(store.lane, store.clock, leave_free=0)
        if deployment is not None and not updates.trusts_anybody:
            updates.trust(deployment.root, KIOSK)
        yield UpdatedKiosk(store, updates)


def head_of(file: Path) -> bytes:
    return read_head(file)
