"""A whole kiosk with a window of its own that nobody looks at, and one form in its pack."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from pyrage import x25519

from kiosk.catalogue import Agency, FormFile, LifeStage, Pack, Service
from kiosk.catalogue.authoring import FORM_SUFFIXES, convert_form
from kiosk.catalogue.demo import ensure_demo_pack
from kiosk.catalogue.pack import load_pack
from kiosk.forms import parse_form
from kiosk.ids import AgencyId, FormId, ServiceId
from kiosk.localized import Localized
from kiosk.receipts import FolderPrinter
from kiosk.texts import LANGUAGES
from tests.conformance.blind.keys import Keys
from tests.conformance.blind.sound import Ear, WordsVoice
from ui.app import KioskApp
from ui.demonstration import settle_in_alone
from ui.display import paint_without_display
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.window import KioskWindow

PIXELS = (1280, 800)
AGENCY, SERVICE = AgencyId("agency"), ServiceId("service")
SERVICE_NAMES = {"en": "The form", "ru": "Анкета", "ko": "신청서"}


def form_in(path: Path) -> FormFile:
    """An XForm, or an XLSForm as tables with its files beside it. FormFault, PackFault where it is none."""
    if path.suffix in FORM_SUFFIXES:
        return convert_form(path)[0]
    source = path.read_bytes()
    parsed = parse_form(source)
    return FormFile(FormId(parsed.id), parsed.version, sha256(source).hexdigest(), source)


def pack_of(form: FormFile) -> Pack:
    """A pack with this form alone."""
    name = Localized.of(SERVICE_NAMES)
    same = Localized.of(dict.fromkeys(LANGUAGES, "-"))
    key = str(x25519.Identity.generate().to_public())
    return Pack(
        id="one-form",
        version="1",
        languages=LANGUAGES,
        agencies={AGENCY: Agency(AGENCY, name, same, "+1 555 0102", key)},
        locations={},
        services=(
            Service(SERVICE, AGENCY, name, name, same, LifeStage.OLD_AGE, "write", form.id, same, same),
        ),
        forms={form.id: form},
        parameters=(),
    )


def demo_pack(folder: Path) -> Pack:
    return load_pack(ensure_demo_pack(folder / "demo.opora-pack"))


@contextmanager
def opened(folder: Path, pack: Pack, *, keys: int) -> Iterator[tuple[Keys, KioskApp]]:
    """A kiosk on its welcome page, silent until a key is pressed; its data lies in ``folder``."""
    paint_without_display()
    application()
    house = House(folder, clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
    settle_in_alone(house)
    window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
    window.resize(*PIXELS)
    window.show()
    ear = Ear()
    app = KioskApp(house, pack, window, ear, FolderPrinter(folder), renderer=WordsVoice())
    try:
        app.start()
        yield Keys(app, ear, keys), app
    finally:
        app.close()
        window.close()
