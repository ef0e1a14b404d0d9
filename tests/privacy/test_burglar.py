"""The burglar finds nothing in a kiosk, and everything that was planted."""

import base64
import gzip
import io
import json
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import zstandard
from PIL import Image, PngImagePlugin
from reportlab.pdfgen.canvas import Canvas

from kiosk.ids import new_id
from kiosk.store.sealing import Sealer, age_seal, new_key, new_key_pair, seal_to
from tests.privacy import lockpicks
from tests.privacy.burglar import DATABASE, burglar, disk_hits, plans
from tests.privacy.haystack import Needles, Search
from tests.privacy.memory import regions
from ui.forgetful import available, forgetful

LATIN = "Quixvempjald Zorkystmizh"
RUSSIAN = "Фёлжмырцвек Щудхрузэльк"
KOREAN = "궉뱔휼촵"
AMOUNT = "876543219"
FORM = b"<form><name/><income/></form>" * 20
TEXT = f"income of {LATIN}: {AMOUNT}"

Plant = Callable[[Path], object]


def found(folder: Path, dictionaries: tuple[bytes, ...] = (FORM,)) -> list[str]:
    search = Search(Needles([LATIN, RUSSIAN, KOREAN, AMOUNT]), dictionaries=dictionaries)
    return [str(hit) for hit in disk_hits(search, [folder], "planted")]


def zipped(name: str, content: bytes) -> bytes:
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return heap.getvalue()


def packed(content: bytes) -> bytes:
    dictionary = zstandard.ZstdCompressionDict(FORM, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=dictionary).compress(content)


def paper(path: Path) -> None:
    canvas = Canvas(str(path))
    canvas.drawString(100, 100, TEXT)
    canvas.save()


def picture(path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Title", TEXT, zip=True)
    Image.new("L", (8, 8)).save(path, pnginfo=notes)


def erased_row(path: Path) -> None:
    """Deleted, and still on its page: what secure_delete is there against."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma secure_delete = off")
        database.execute("create table note (id text, words text)")
        database.execute("insert into note values ('1', ?)", (TEXT,))
        database.commit()
        database.execute("delete from note")
        database.commit()


def sealed_beside_its_key(folder: Path) -> None:
    key, row = new_key(), new_id()
    (folder / "device-secret").write_bytes(key)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("create table draft (id text, opening blob)")
        sealed = Sealer(key).seal(packed(TEXT.encode()), "draft", "opening", row)
        database.execute("insert into draft values (?, ?)", (row.hex, sealed))
        database.commit()


def sealed_to_an_identity_beside_it(folder: Path) -> None:
    recipient, identity = new_key_pair()
    row = new_id()
    (folder / "settings.toml").write_text(f'centre = "{identity}"\n')
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("create table application (id text, for_centre blob)")
        sealed = seal_to(recipient, gzip.compress(TEXT.encode()), "application", "for_centre", row)
        database.execute("insert into application values (?, ?)", (row.hex, sealed))
        database.commit()


def envelope_beside_its_identity(folder: Path) -> None:
    recipient, identity = new_key_pair()
    (folder / "keys.txt").write_text(identity)
    (folder / "envelope").write_bytes(b"header" + age_seal(recipient, packed(TEXT.encode())))


def in_base64(lead: int, folder: Path) -> None:
    (folder / "heap").write_bytes(base64.b64encode(b"x" * lead + RUSSIAN.encode()))


LEAKS: dict[str, Plant] = {
    "a log": lambda folder: (folder / "kiosk.log").write_text(f"warning: {TEXT}\n"),
    "UTF-16": lambda folder: (folder / "heap").write_bytes(b"\0" + RUSSIAN.encode("utf-16-le")),
    "UTF-16, the other way": lambda folder: (folder / "heap").write_bytes(KOREAN.encode("utf-16-be")),
    "JSON": lambda folder: (folder / "heap").write_text(json.dumps({"name": RUSSIAN})),
    "decomposed letters": lambda folder: (folder / "heap").write_text(unicodedata.normalize("NFD", KOREAN)),
    "capitals": lambda folder: (folder / "heap").write_text(RUSSIAN.upper()),
    "a grouped amount": lambda folder: (folder / "heap").write_text(f"{int(AMOUNT):,}"),
    "a file's name": lambda folder: (folder / f"clip {LATIN}").write_bytes(b""),
    "gzip": lambda folder: (folder / "heap").write_bytes(b"before" + gzip.compress(TEXT.encode())),
    "zstd": lambda folder: (folder / "heap").write_bytes(zstandard.compress(TEXT.encode())),
    "zstd with a form": lambda folder: (folder / "heap").write_bytes(packed(TEXT.encode())),
    "zip": lambda folder: (folder / "heap").write_bytes(zipped("note.txt", TEXT.encode())),
    "a name in a zip": lambda folder: (folder / "heap").write_bytes(zipped(f"{LATIN}.txt", b"")),
    "gzip in zip in gzip": lambda folder: (folder / "heap").write_bytes(
        gzip.compress(zipped("inner", gzip.compress(TEXT.encode())))
    ),
    "a paper": lambda folder: paper(folder / "receipt.pdf"),
    "a picture": lambda folder: picture(folder / "page.png"),
    "an erased row": lambda folder: erased_row(folder / DATABASE),
    "sealed beside its key": sealed_beside_its_key,
    "sealed to an identity beside it": sealed_to_an_identity_beside_it,
    "an envelope beside its identity": envelope_beside_its_identity,
    **{f"base64 after {lead} bytes": partial(in_base64, lead) for lead in range(3)},
}


@pytest.mark.parametrize("kind", LEAKS)
def test_planted_leak_is_found(tmp_path: Path, kind: str) -> None:
    LEAKS[kind](tmp_path)
    assert found(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.png", b"\x89PNG\r\n\x1a\n" + bytes(40)), ("clip.wav", b"RIFF\x10\0\0\0WAVEfmt ")],
)
def test_picture_or_clip_counts_by_existing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert len(found(tmp_path)) == 1


def test_what_is_sealed_with_a_key_that_is_elsewhere_is_no_hit(tmp_path: Path) -> None:
    row = new_id()
    recipient, _ = new_key_pair()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute("create table draft (id text, opening blob, for_centre blob)")
        sealed = Sealer(new_key()).seal(TEXT.encode(), "draft", "opening", row)
        aged = seal_to(recipient, TEXT.encode(), "draft", "for_centre", row)
        database.execute("insert into draft values (?, ?, ?)", (row.hex, sealed, aged))
        database.commit()
    (tmp_path / "device-secret").write_bytes(new_key())
    assert found(tmp_path) == []


def test_keys_are_known_by_their_looks() -> None:
    key = new_key()
    written = (key.hex(), base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode().rstrip("="))
    for text in written:
        assert key in lockpicks.keys_about([f"secret = '{text}'".encode()])
    assert key in lockpicks.keys_about([key])


_HOLDER = """
import sys
if "as-packaged" in sys.argv:
    from ui.forgetful import take_memory_from_the_c_library
    take_memory_from_the_c_library()
parts = sys.stdin.readline().split()
word = "".join(parts)[::-1]
if "forget" in sys.argv:
    del word, parts
print("ready", flush=True)
sys.stdin.readline()
"""


def held_by_a_process(*arguments: str, environment: dict[str, str]) -> bool:
    """Whether a mark that was put together in another process is found in its memory."""
    needles = Needles([LATIN.replace(" ", "")])
    command = [sys.executable, "-c", _HOLDER, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        # Backwards and in pieces: only what the process makes of it is the mark.
        process.stdin.write(" ".join(LATIN.replace(" ", "")[::-1]) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        search = Search(needles)
        hits = [hit for name, held in regions(process.pid) for hit in search.raw(held, name)]
        process.communicate("\n")
    return bool(hits)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc")
def test_mark_in_memory_is_found_and_a_forgetful_process_has_lost_it() -> None:
    if not available():
        pytest.skip("only glibc blanks what it is given back")
    assert held_by_a_process(environment=forgetful({}))
    assert not held_by_a_process("forget", environment=forgetful({}))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc")
def test_a_process_that_is_deaf_to_its_environment_forgets_as_well() -> None:
    if not available():
        pytest.skip("only glibc blanks what it is given back")
    deaf = forgetful({})
    del deaf["PYTHONMALLOC"]
    assert held_by_a_process("as-packaged", environment=deaf)
    assert not held_by_a_process("as-packaged", "forget", environment=deaf)


@pytest.mark.timeout(600)
def test_nothing_of_anybody_lies_on_a_kiosk() -> None:
    with burglar(seed=7) as thief:
        for plan in plans(seed=7, runs=2):
            thief.run(plan)
    assert thief.findings.runs == 2
    assert thief.findings.searched > 10_000_000
    assert thief.findings.on_disk == []
    assert thief.findings.in_memory == []


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_nothing_of_anybody_lies_on_a_kiosk_whatever_happens_to_it() -> None:
    with burglar(seed=11) as thief:
        for plan in plans(seed=11, runs=16):
            thief.run(plan)
    assert thief.findings.runs == 16
    assert thief.findings.on_disk == []
    assert thief.findings.in_memory == []
