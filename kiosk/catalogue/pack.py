"""Opens a built pack: one zip file, ``*.opora-pack``.

=======================  ==========================================================================
``manifest.json``        format, pack id and version, and size and SHA-256 of every other file
``pack.json``            agencies, locations, services, parameters, and the list of forms
``forms/ID.xml``         an XForm
``forms/ID-media/NAME``  a file that the form names
``manifest.sig``         optional: Ed25519 over the bytes of ``manifest.json`` (64 bytes)
=======================  ==========================================================================

A kiosk reads names that it does not know as if they were absent, so a pack may gain names without a new
format number; the number rises when an older kiosk would misread.
"""

import json
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

from kiosk.catalogue.media import complaint
from kiosk.catalogue.model import FormFile, Pack
from kiosk.catalogue.reading import MisfitError, Record
from kiosk.catalogue.records import PACK, read_pack
from kiosk.errors import Message, PackFault
from kiosk.ids import FormId

FORMAT = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
LARGEST = 64 * 1024 * 1024
"""Bytes of one pack, unpacked: more is a mistake or an attack."""

_ASK_ANEW = Message("Ask whoever made the pack for a whole new copy.")


def load_pack(path: Path, signer: bytes | None = None) -> Pack:
    """The pack in this file, every byte checked against the manifest, every rule against its examples.

    ``signer`` is a raw Ed25519 public key (32 bytes): where given, the manifest must be signed by it.
    Raises PackFault when the file is damaged, incomplete, unsigned, or of a newer format.
    """
    try:
        files = _unpack(path, signer)
        root = Record.reading(json.loads(files[PACK]), PACK)
        return read_pack(root, lambda record: _form(record, files))
    except MisfitError as misfit:
        raise PackFault(
            Message("This pack cannot be used as it is."), _ASK_ANEW, detail=str(misfit)
        ) from misfit
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError) as error:
        raise _damaged(str(error)) from error
    except OSError as error:
        raise PackFault(
            Message("The pack could not be read."),
            Message("Check that the file is there and that the stick is still plugged in."),
            detail=error.strerror or "",
        ) from error


def read_manifest(path: Path) -> Record:
    """The manifest alone, unchecked; raises like :func:`load_pack`'s own reading of the zip."""
    with zipfile.ZipFile(path) as archive:
        return Record.reading(json.loads(archive.read(MANIFEST)), MANIFEST)


def _damaged(detail: str) -> PackFault:
    return PackFault(Message("This pack is damaged or incomplete."), _ASK_ANEW, detail)


def _unpack(path: Path, signer: bytes | None) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise _damaged("too large")
        if MANIFEST not in names or len(set(names)) != len(names):
            raise _damaged(MANIFEST)
        raw = archive.read(MANIFEST)
        if signer is not None:
            _check_signature(raw, archive.read(SIGNATURE) if SIGNATURE in names else b"", signer)
        manifest = Record.reading(json.loads(raw), MANIFEST)
        if manifest.whole("format") > FORMAT:
            raise PackFault(
                Message("This pack was made for a newer Opora."),
                Message("Bring this kiosk up to date first, then install the pack."),
                detail=f"format {manifest.whole('format')}",
            )
        listed = manifest.part("files")
        if set(names) - {MANIFEST, SIGNATURE} != listed.values.keys() or PACK not in listed:
            raise _damaged("files")
        files = {name: archive.read(name) for name in listed.values}
    for name, content in files.items():
        entry = listed.part(name)
        if len(content) != entry.whole("size") or sha256(content).hexdigest() != entry.text("sha256"):
            raise _damaged(name)
    return files


def _check_signature(manifest: bytes, signature: bytes, signer: bytes) -> None:
    # Imported here: a kiosk that trusts no signer yet does not pay for it at start-up.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, manifest)
    except InvalidSignature as error:
        raise PackFault(
            Message("This pack is not signed by anyone whom this kiosk trusts."),
            Message("Do not install it. Ask your agency where the pack came from."),
        ) from error


def _form(record: Record, files: dict[str, bytes]) -> FormFile:
    name = record.text("file")
    for needed in (name, *record.words("attachments")):
        if needed not in files:
            raise record.misfit("file")
    attachments = {each.rpartition("/")[2]: files[each] for each in record.words("attachments")}
    for unfit in (complaint(each, content) for each, content in attachments.items()):
        if unfit is not None:
            raise MisfitError(unfit)
    source = files[name]
    return FormFile(
        id=FormId(record.text("id")),
        version=record.text("version"),
        sha256=sha256(source).hexdigest(),
        source=source,
        attachments=attachments,
    )
