"""Opening what was sealed to an agency: age, then zstd with the form's XML, then the answers' lines.

A missing key or a missing form is no error: the sealed original is kept, the state says what is missing,
and :mod:`sync.hub.reopening` opens it when the key or the form has come.
"""

import hashlib
import io
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyrage
import zstandard
from lxml import etree

from kiosk.applications.answers import AnswersError, from_lines
from kiosk.errors import HubFault, Message
from kiosk.texts import N_
from sync.kinds import PartKind

REFERENCE = "{https://opora.invalid/ns}reference"
"""The element of a submission's ``<meta>`` that holds the application's reference."""

_ZSTD = b"\x28\xb5\x2f\xfd"
"""How a zstd frame begins (RFC 8878 section 3.1.1): kiosks of version 0.1 sealed strokes as they were."""

MOST_OPENED = 16 * 1024 * 1024


class PartState(StrEnum):
    """What became of a sealed part."""

    OPENED = "opened"
    NO_KEY = "no-key"
    NO_FORM = "no-form"
    BROKEN = "broken"
    """Its key opens it, but what is inside cannot be read."""
    KEPT = "kept"
    """Of a kind that this hub does not open: kept as it came."""
    ABSENT = "absent"
    """Travels by itself and has not come."""


@dataclass(frozen=True, slots=True)
class Opened:
    """``plain`` is there only when ``state`` is OPENED; ``reference`` only when the answers name one."""

    state: PartState
    plain: bytes | None = None
    reference: str | None = None


class Opener:
    """Agencies' age identities, and forms by the SHA-256 of their XML. For any thread."""

    def __init__(self, identities: Iterable[str], forms: Mapping[str, bytes]) -> None:
        self._identities = [_identity(text) for text in identities]
        self._forms: dict[str, tuple[bytes, zstandard.ZstdCompressionDict]] = {}
        self.learn(forms)

    def learn(self, forms: Mapping[str, bytes]) -> None:
        """Further forms, from now on."""
        self._forms |= {
            digest: (xml, zstandard.ZstdCompressionDict(xml, dict_type=zstandard.DICT_TYPE_RAWCONTENT))
            for digest, xml in forms.items()
        }
        self._kept = _OfThread()

    def open(self, kind: str, body: bytes | None, form: str | None) -> Opened:
        """Never raises for anything that a kiosk can send. ``form`` is the digest of the form's XML."""
        if body is None:
            return Opened(PartState.ABSENT)
        if kind not in (PartKind.ANSWERS, PartKind.SIGNATURE, PartKind.MESSAGE):
            return Opened(PartState.KEPT)
        if not self._identities:
            return Opened(PartState.NO_KEY)
        try:
            plain: bytes = pyrage.decrypt(body, self._identities)
        except pyrage.DecryptError:
            return Opened(PartState.NO_KEY)
        try:
            if kind != PartKind.ANSWERS:
                return Opened(
                    PartState.OPENED,
                    _unzstd(plain, zstandard.ZstdDecompressor()) if plain.startswith(_ZSTD) else plain,
                )
            known = self._forms.get(form or "")
            if known is None:
                return Opened(PartState.NO_FORM)
            xml, dictionary = known
            submission = _unzstd(plain, self._kept.with_form(form or "", dictionary))
            if not submission.startswith(b"<"):
                submission = from_lines(submission, xml)
            return Opened(PartState.OPENED, submission, _reference(submission, self._kept.parser))
        except (zstandard.ZstdError, etree.XMLSyntaxError, AnswersError):
            return Opened(PartState.BROKEN)


class _Unattended:
    """What a plugin may ask of a person: a hub has none, so a key that wants a touch stays shut."""

    def display_message(self, message: str) -> None:
        """Nobody reads it."""

    def confirm(self, message: str, yes: str, no: str | None) -> bool | None:
        return None

    def request_public_string(self, description: str) -> str | None:
        return None

    def request_passphrase(self, description: str) -> str | None:
        return None


def _identity(text: str) -> object:
    """An identity of ours, or one that a plugin keeps in a process of its own (C2SP age-plugin)."""
    if text.upper().startswith("AGE-PLUGIN-"):
        kept = pyrage.plugin.Identity.from_str(text)
        return pyrage.plugin.IdentityPluginV1(kept.plugin(), [kept], _Unattended())
    return pyrage.x25519.Identity.from_str(text)


def identities_in(file: Path) -> tuple[str, ...]:
    """The identities of an age identity file: one a line, ``#`` begins a comment. ``-``: standard input."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        lines = text.splitlines()
        identities = tuple(
            line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")
        )
        for identity in identities:
            _identity(identity)
    except (OSError, ValueError, pyrage.IdentityError, pyrage.DecryptError) as error:
        raise HubFault(
            Message(N_("The agencies' keys could not be read.")),
            Message(
                N_("Give an age identity file with --identities: one AGE-SECRET-KEY line for each agency.")
            ),
            detail=file.name,
        ) from error
    return identities


def forms_in(folder: Path) -> dict[str, bytes]:
    """Every ``*.xml`` of a folder, by the SHA-256 of its bytes."""
    found = [file.read_bytes() for file in sorted(folder.rglob("*.xml"))]
    return {hashlib.sha256(xml).hexdigest(): xml for xml in found}


class _OfThread(threading.local):
    """What is slow to make and works for one thread at a time."""

    def __init__(self) -> None:
        self.parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        self._of_forms: dict[str, zstandard.ZstdDecompressor] = {}

    def with_form(self, digest: str, dictionary: zstandard.ZstdCompressionDict) -> zstandard.ZstdDecompressor:
        if digest not in self._of_forms:
            self._of_forms[digest] = zstandard.ZstdDecompressor(dict_data=dictionary)
        return self._of_forms[digest]


def _unzstd(body: bytes, decompressor: zstandard.ZstdDecompressor) -> bytes:
    size = zstandard.frame_content_size(body)
    if 0 <= size <= MOST_OPENED:
        return decompressor.decompress(body)
    plain = decompressor.stream_reader(io.BytesIO(body)).read(MOST_OPENED + 1)
    if len(plain) > MOST_OPENED:
        raise zstandard.ZstdError("more than an application can be")
    return plain


def _reference(submission: bytes, parser: etree.XMLParser) -> str | None:
    found = etree.fromstring(submission, parser).find(f".//{REFERENCE}")
    text = "" if found is None else (found.text or "").strip()
    return text if text and text.isprintable() else None
