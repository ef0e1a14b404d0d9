"""Builds a pack from its sources, a folder that a person edits and a version control system compares.

==========================  =====================================================================
``pack.toml``               id, version, languages, agencies, locations, parameters
``services/*.toml``         one service a file, on the shelves in the order of the file names
``forms/ID.md`` or ``.xlsx``  an XLSForm (Markdown tables, one a sheet, or a spreadsheet)
``forms/ID-media/``         files that this form names
==========================  =====================================================================

pyxform converts the forms; it is slow to import and belongs to the ``author`` extra, so nothing that a kiosk
runs may import this module at its top.
"""

import json
import os
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from pathlib import Path

from lxml import etree

from kiosk.catalogue.media import complaint
from kiosk.catalogue.model import FormFile, Pack
from kiosk.catalogue.pack import FORMAT, MANIFEST, SIGNATURE
from kiosk.catalogue.reading import MisfitError, Record
from kiosk.catalogue.records import PACK, read_pack
from kiosk.errors import Message, PackFault, SealFault
from kiosk.ids import FormId

FORM_SUFFIXES = (".md", ".xlsx")
_MEDIA = "-media"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can bear; a fixed one, so that the same sources give the same bytes."""

_XFORMS = "{http://www.w3.org/2002/xforms}"
_PLACE = re.compile(r"\[row\s*:\s*(?P<row>\d+)\]\s*(?:On the '(?P<sheet>[^']+)' sheet,\s*)?")

_QUOTED = re.compile(r"'([^']+)'")

_MEND = Message("Mend it in the pack's sources and build the pack again.")

Rows = Sequence[Mapping[str, object]]
"""A sheet's rows below its headings, by heading."""

Told = Callable[[str, int, int], None]
"""What is being done, how many steps are done, and how many there are."""

Inspect = Callable[[FormFile], Iterable[str]]
"""The form engine's own look at a converted form: sentences for its author; FormFault where it cannot run."""


@dataclass(frozen=True, slots=True)
class Built:
    """``warnings`` are an author's to read: (form, sentence)."""

    path: Path
    pack: Pack
    warnings: tuple[tuple[str, str], ...]


def build_pack(
    source: Path,
    out: Path,
    told: Told = lambda doing, done, total: None,
    signing_key: bytes | None = None,
    inspect: Inspect = lambda form: (),
) -> Built:
    """Converts, checks and writes ``out``; the same sources give the same bytes.

    ``signing_key`` is a raw Ed25519 private key (32 bytes). Raises PackFault with a sentence that says where,
    and passes on the FormFault of ``inspect``.
    """
    try:
        return _build(source, out, told, signing_key, inspect)
    except MisfitError as misfit:
        raise PackFault(misfit.message, _MEND) from misfit
    except OSError as error:
        raise PackFault(
            Message("A file of the pack could not be read or written."),
            Message("Check the folder's name, its rights and the space on the disk."),
            detail=f"{error.filename or ''}: {error.strerror or ''}",
        ) from error


def sources_hash(source: Path) -> str:
    """SHA-256 over names and bytes of all sources: equal where a build would give the same pack."""
    digest = sha256(f"opora-pack {FORMAT}\n".encode())
    for path in _source_files(source):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(source).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _source_files(source: Path) -> Iterator[Path]:
    yield source / "pack.toml"
    yield from sorted((source / "services").glob("*.toml"))
    yield from _form_sources(source)
    yield from sorted(path for path in (source / "forms").glob(f"*{_MEDIA}/*") if path.is_file())


def _form_sources(source: Path) -> Iterator[Path]:
    yield from sorted(path for path in (source / "forms").iterdir() if path.suffix in FORM_SUFFIXES)


def _build(source: Path, out: Path, told: Told, signing_key: bytes | None, inspect: Inspect) -> Built:
    sources = list(_form_sources(source))
    total = len(sources) + 3
    told("pack.toml", 0, total)
    values = _toml(source / "pack.toml")
    values["services"] = [_toml(path) for path in sorted((source / "services").glob("*.toml"))]

    files: dict[str, bytes] = {}
    forms: dict[str, FormFile] = {}
    warnings: list[tuple[str, str]] = []
    for done, path in enumerate(sources, 1):
        told(path.name, done, total)
        form, warned = convert_form(path)
        forms[form.id] = form
        files[f"forms/{form.id}.xml"] = form.source
        files |= {f"forms/{form.id}{_MEDIA}/{name}": content for name, content in form.attachments.items()}
        warnings += [(path.name, sentence) for sentence in (*warned, *inspect(form))]
    values["forms"] = [_form_entry(form) for form in forms.values()]

    told(PACK, total - 2, total)
    # Checked by the reader that a kiosk uses, so what was built also loads.
    plain = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, default=_iso)
    pack = read_pack(Record.reading(json.loads(plain), "pack.toml"), lambda record: forms[record.text("id")])
    _check_recipients(pack)
    files[PACK] = plain.encode()
    _write(out, _with_manifest(files, pack, sources_hash(source), signing_key))
    told(out.name, total, total)
    return Built(out, pack, tuple(warnings))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackFault(
            Message("The file {file} is not TOML: {reason}", {"file": path.name, "reason": str(error)}), _MEND
        ) from error


def _check_recipients(pack: Pack) -> None:
    from pyrage import RecipientError, x25519

    from kiosk.applications.odk_encryption import rsa_key

    for agency in pack.agencies.values():
        try:
            if agency.openrosa:
                rsa_key(agency.recipient)
            else:
                x25519.Recipient.from_str(agency.recipient)
        except RecipientError as error:
            raise MisfitError(
                Message("The agency “{name}” has no usable age public key.", {"name": agency.id})
            ) from error
        except SealFault as error:
            raise MisfitError(
                Message("The agency “{name}” has no usable base64RsaPublicKey.", {"name": agency.id})
            ) from error


def _iso(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(value)


def _form_entry(form: FormFile) -> dict[str, object]:
    names = sorted(f"forms/{form.id}{_MEDIA}/{name}" for name in form.attachments)
    return {"id": form.id, "version": form.version, "file": f"forms/{form.id}.xml", "attachments": names}


def convert_form(path: Path) -> tuple[FormFile, tuple[str, ...]]:
    """An XLSForm as the XForm that the kiosk runs, and the converter's warnings.

    Raises PackFault with sheet and row where the converter gives them, or where the form's id is not the
    file's name.
    """
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert, get_xlsform
    except ImportError as error:
        raise PackFault(
            Message("Forms cannot be converted on this machine."),
            Message("Install Opora with its part for authors (the extra named “author”)."),
        ) from error
    warnings: list[str] = []
    survey: Rows = []
    if path.suffix == ".xlsx" and not zipfile.is_zipfile(path):
        raise PackFault(Message("The file {file} is not an .xlsx spreadsheet.", {"file": path.name}), _MEND)
    try:
        survey = get_xlsform(path.read_bytes(), file_type=path.suffix).survey or []
        converted = convert(path.read_bytes(), warnings=warnings, form_name="data", file_type=path.suffix)
    except PyXFormError as error:
        raise _refused(path, str(error), survey) from error
    except UnicodeDecodeError as error:
        raise PackFault(
            Message("The file {file} is not text in UTF-8.", {"file": path.name}), _MEND
        ) from error
    source = converted.xform.encode()
    root = etree.fromstring(source).find(f".//{_XFORMS}model/{_XFORMS}instance/*")
    id, version = (root.get("id", ""), root.get("version", "")) if root is not None else ("", "")
    if id != path.stem or not version:
        raise PackFault(
            Message(
                "The form {file} needs form_id “{id}” and a version on its settings sheet.",
                {"file": path.name, "id": path.stem},
            ),
            _MEND,
        )
    media = path.with_name(path.stem + _MEDIA)
    attachments = {each.name: each.read_bytes() for each in sorted(media.glob("*")) if each.is_file()}
    for name, content in attachments.items():
        unfit = complaint(name, content)
        if unfit is not None:
            raise PackFault(unfit, _MEND)
    return FormFile(FormId(id), version, sha256(source).hexdigest(), source, attachments), tuple(warnings)


def _refused(path: Path, reason: str, survey: Rows) -> PackFault:
    place = _PLACE.search(reason)
    plain = _PLACE.sub("", reason).strip()
    row = int(place["row"]) if place else _row_naming(plain, survey)
    if row is None:
        return PackFault(
            Message("The form {file} cannot be converted: {reason}", {"file": path.name, "reason": plain}),
            _MEND,
        )
    sheet = (place and place["sheet"]) or "survey"
    return PackFault(
        Message(
            "In the form {file}, sheet “{sheet}”, row {row}: {reason}",
            {"file": path.name, "sheet": sheet, "row": row, "reason": plain},
        ),
        _MEND,
    )


def _row_naming(reason: str, survey: Rows) -> int | None:
    """The first row that holds what the reason quotes, where the converter gives no row (an unknown type)."""
    for word in _QUOTED.findall(reason):
        for number, row in enumerate(survey, 2):
            if word in row.values():
                return number
    return None


def _with_manifest(
    files: dict[str, bytes], pack: Pack, sources: str, signing_key: bytes | None
) -> dict[str, bytes]:
    manifest = {
        "format": FORMAT,
        "id": pack.id,
        "version": pack.version,
        "sources": sources,
        "files": {
            name: {"size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }
    raw = json.dumps(manifest, indent=1, sort_keys=True).encode()
    if signing_key is None:
        return {MANIFEST: raw, **files}

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return {MANIFEST: raw, SIGNATURE: Ed25519PrivateKey.from_private_bytes(signing_key).sign(raw), **files}


def _write(out: Path, files: dict[str, bytes]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(out.name + ".part")
    # Stored, not deflated: zlib's output differs between its makers, and what carries a pack compresses it.
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    os.replace(draft, out)
