"""Whatever bit is turned over in what is sealed or signed: it is named, and nothing changed is believed."""

import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from sqlite3 import connect

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalogue import Pack, load_pack
from kiosk.catalogue.demo import ensure_demo_pack
from kiosk.catalogue.pack import MANIFEST, SIGNATURE
from kiosk.errors import Fault, PackFault, SealFault
from kiosk.ids import new_id
from kiosk.journal import KIOSK, Action
from kiosk.store import Repositories
from kiosk.store.sealing import Sealer, new_key, new_key_pair, open_with, seal_to
from sync import stick
from sync.hub.opening import Opener
from sync.hub.reading import GoodEnvelope, read_envelope
from sync.hub.refusing import Refused
from sync.stick import StickRequest
from tests.privacy.test_hub_abuse import travelling
from tests.store.opened import opened
from tests.sync.parties import AGENCY_KEY, FORM_DIGEST, FORM_XML, Kiosk, now

ROW = new_id()
WORDS = "Анна Петровна, 18 400 ₽".encode()
bits = st.integers(min_value=0)
thorough = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def turned(data: bytes, bit: int) -> bytes:
    """``data`` with one bit turned over; any number names one."""
    at = bit % (8 * len(data))
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


KEY, (RECIPIENT, IDENTITY) = new_key(), new_key_pair()
COLUMNS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "under a key": (
        Sealer(KEY).seal(WORDS, "answer", "step", ROW),
        lambda sealed: Sealer(KEY).open(sealed, "answer", "step", ROW),
    ),
    "to a public key": (
        seal_to(RECIPIENT, WORDS, "application", "for_centre", ROW),
        lambda sealed: open_with(IDENTITY, sealed, "application", "for_centre", ROW),
    ),
}


@pytest.mark.parametrize("kind", COLUMNS)
@given(bit=bits)
@thorough
def test_turned_bit_in_a_sealed_column_is_named(kind: str, bit: int) -> None:
    sealed, opening = COLUMNS[kind]
    with pytest.raises(SealFault) as told:
        opening(turned(sealed, bit))
    assert told.value.detail


@pytest.mark.parametrize("kind", COLUMNS)
@given(length=st.integers(min_value=0, max_value=10_000))
@thorough
def test_sealed_column_that_was_cut_is_named(kind: str, length: int) -> None:
    sealed, opening = COLUMNS[kind]
    with pytest.raises(SealFault):
        opening(sealed[: length % len(sealed)])


@pytest.fixture(scope="module")
def envelope(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with Kiosk(tmp_path_factory.mktemp("kiosk")) as kiosk:
        return json.dumps(travelling(kiosk, kiosk.store()), ensure_ascii=False).encode()


@given(bit=bits)
@thorough
def test_turned_bit_in_an_envelope_is_set_aside_with_a_reason_or_changes_nothing(
    envelope: bytes, bit: int
) -> None:
    opener = Opener([str(AGENCY_KEY)], {FORM_DIGEST: FORM_XML})
    true = read_envelope(json.loads(envelope), opener)
    assert isinstance(true, GoodEnvelope)
    try:
        raw = json.loads(turned(envelope, bit))
        if not isinstance(raw, dict):
            return
        read = read_envelope(raw, opener)
    except (ValueError, Refused):
        return
    if isinstance(read, GoodEnvelope):
        # Its digest still matches, so nothing that it covers may differ; and it covers all.
        assert read.envelope == true.envelope
        assert read.bodies == true.bodies
    else:
        assert read.reason.text
        assert read.raw == raw


@cache
def bundle() -> tuple[bytes, Ed25519PrivateKey, Ed25519PrivateKey]:
    kiosk, hub = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    content = StickRequest(kiosk=new_id(), at=now(), requests=('{"counts": 1}',)).model_dump_json()
    letter = stick.signed(stick.TO_AGENCY, content, ROW, kiosk)
    return stick.sealed_to_key(letter, hub.public_key()), kiosk, hub


@given(bit=bits)
@thorough
def test_turned_bit_in_a_bundle_is_never_opened(bit: int) -> None:
    sealed, _, hub = bundle()
    assert stick.opened_by_key(turned(sealed, bit), hub) is None


@given(bit=bits)
@thorough
def test_turned_bit_under_a_bundle_s_seal_breaks_its_signature(bit: int) -> None:
    sealed, kiosk, hub = bundle()
    letter = stick.opened_by_key(sealed, hub)
    assert letter is not None
    changed = turned(letter, bit)
    if stick.signer_of(changed) == ROW:
        with pytest.raises(Fault):
            stick.verify(stick.TO_AGENCY, changed, kiosk.public_key())


@given(number=st.integers(1, 4), bit=bits, column=st.sampled_from(["hash", "previous", "details", "subject"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_turned_bit_in_the_journal_names_the_first_bad_entry(
    tmp_path_factory: pytest.TempPathFactory, number: int, bit: int, column: str
) -> None:
    with opened(tmp_path_factory.mktemp("journal") / "data") as one:

        def append(repositories: Repositories) -> None:
            for each in range(4):
                repositories.journal.append(
                    one.clock(), KIOSK, Action.SETTING_CHANGED, f"size-{each}", {"to": "large"}
                )

        one.lane.submit(append).result()
        with closing(connect(one.database.path)) as database:
            database.text_factory = bytes
            (value,) = database.execute(
                f"select {column} from journal where number = ?", (number,)
            ).fetchone()
            changed: object = turned(value, bit)
            if column in ("details", "subject"):
                assert isinstance(changed, bytes)
                # A column of text takes no torn letter: such a file does not open at all.
                changed = changed.decode("latin-1")
            database.execute(f"update journal set {column} = ? where number = ?", (changed, number))
            database.commit()
        with one.database.reader() as repositories:
            bad = repositories.journal.verify()
    assert bad is not None
    assert bad.number == number


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, Pack, Path]:
    """A signed pack's bytes, who signed it, what it holds, and a place for changed ones."""
    folder = tmp_path_factory.mktemp("packs")
    key = Ed25519PrivateKey.generate()
    plain = ensure_demo_pack(folder / "plain.opora-pack").read_bytes()
    signed = BytesIO(plain)
    with zipfile.ZipFile(signed, "a") as archive:
        archive.writestr(SIGNATURE, key.sign(archive.read(MANIFEST)))
    signer = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    (folder / "true.opora-pack").write_bytes(signed.getvalue())
    return signed.getvalue(), signer, load_pack(folder / "true.opora-pack", signer), folder


@given(bit=bits)
@settings(max_examples=60, deadline=None)
def test_turned_bit_in_a_pack_is_refused_or_changes_nothing(
    packs: tuple[bytes, bytes, Pack, Path], bit: int
) -> None:
    content, signer, true, folder = packs
    path = folder / "changed.opora-pack"
    path.write_bytes(turned(content, bit))
    try:
        read = load_pack(path, signer)
    except PackFault:
        return
    # A zip has bits that mean nothing, such as the time of day of its files.
    assert read == true


def test_signed_status_for_another_receipt_does_not_open() -> None:
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(SealFault):
        open_with(str(other), COLUMNS["to a public key"][0], "application", "for_centre", ROW)
