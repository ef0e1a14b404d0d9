"""A submission encrypted as ODK's forms are, for an agency that runs an ODK Central or Kobo server.

Follows the encryption specification of ODK XForms (getodk.github.io/xforms-spec/encryption): a fresh AES-256
key for each submission, itself encrypted to the form's RSA key; every file AES-CFB with PKCS #7 padding, its
IV made from the instance's id and the key; and a manifest that names them and bears a signature over all.
RSA-OAEP is with SHA-256, and with SHA-1 in its mask generation, as ODK Central reads it.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.padding import PKCS7
from lxml import etree

from kiosk.errors import Message, SealFault
from kiosk.texts import N_

MANIFEST = "odk-manifest"
ENCRYPTED = "odk-encrypted"
"""Kinds of parts of such an envelope."""
MANIFEST_NAME = "submission.xml"
SUBMISSION_NAME = "submission.xml.enc"

_SUBMISSIONS = "http://opendatakit.org/submissions"
_OPENROSA = "http://openrosa.org/xforms"


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file beside the answers."""

    name: str
    body: bytes = field(repr=False)


def rsa_key(text: str) -> RSAPublicKey:
    """The key of a form's ``base64RsaPublicKey``: DER in base64 (RFC 5280 SubjectPublicKeyInfo).

    Raises :class:`~kiosk.errors.SealFault` for anything else.
    """
    try:
        key = serialization.load_der_public_key(base64.b64decode(text, validate=True))
        if not isinstance(key, RSAPublicKey):
            raise ValueError("not RSA")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealFault(
            Message(N_("This could not be sealed")),
            Message(N_("The key of the one it is meant for is damaged. Please tell the coordinator.")),
            "base64RsaPublicKey",
        ) from error
    return key


def encrypted_submission(
    submission_xml: bytes, form_id: str, form_version: str, files: Sequence[PlainFile], public_key: str
) -> tuple[tuple[str, str, bytes], ...]:
    """(name, kind, body) of each part: the manifest first, the submission last, as the IVs count them."""
    rsa, key, instance = rsa_key(public_key), os.urandom(32), _instance_id(submission_xml)
    ivs = _Ivs(instance, key)
    encrypted = [(f"{each.name}.enc", ENCRYPTED, _aes(key, ivs.next(), each.body)) for each in files]
    encrypted.append((SUBMISSION_NAME, ENCRYPTED, _aes(key, ivs.next(), submission_xml)))
    wrapped = base64.b64encode(rsa.encrypt(key, _OAEP)).decode("ascii")
    lines = [form_id, *([form_version] if form_version else []), wrapped, instance]
    lines += [f"{each.name}::{_md5(each.body)}" for each in files]
    lines.append(f"{MANIFEST_NAME}::{_md5(submission_xml)}")
    digest = hashlib.md5("".join(f"{line}\n" for line in lines).encode(), usedforsecurity=False).digest()
    signature = base64.b64encode(rsa.encrypt(digest, _OAEP)).decode("ascii")
    manifest = _manifest(
        form_id, form_version, wrapped, instance, [name for name, _, _ in encrypted[:-1]], signature
    )
    return ((MANIFEST_NAME, MANIFEST, manifest), *encrypted)


_OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA256(), None)  # noqa: S303 - the format's own


class _Ivs:
    """Initialisation vectors in the order of the files: the seed, with one byte more counted up each time."""

    def __init__(self, instance: str, key: bytes) -> None:
        seed = hashlib.md5(instance.encode() + key, usedforsecurity=False).digest()
        self._seed = bytearray(seed)
        self._count = 0

    def next(self) -> bytes:
        place = self._count % len(self._seed)
        self._seed[place] = (self._seed[place] + 1) % 256
        self._count += 1
        return bytes(self._seed)


def _aes(key: bytes, iv: bytes, body: bytes) -> bytes:
    pad = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), CFB(iv)).encryptor()
    return encryptor.update(pad.update(body) + pad.finalize()) + encryptor.finalize()


def _manifest(
    form_id: str, form_version: str, key: str, instance: str, media: Sequence[str], signature: str
) -> bytes:
    root = etree.Element(f"{{{_SUBMISSIONS}}}data", nsmap={None: _SUBMISSIONS})
    root.set("id", form_id)
    if form_version:
        root.set("version", form_version)
    root.set("encrypted", "yes")

    def add(
        parent: etree._Element, name: str, text: str = "", namespace: str = _SUBMISSIONS
    ) -> etree._Element:
        child = etree.SubElement(parent, f"{{{namespace}}}{name}")
        child.text = text or None
        return child

    add(root, "base64EncryptedKey", key)
    meta = etree.SubElement(root, f"{{{_OPENROSA}}}meta", nsmap={None: _OPENROSA})
    add(meta, "instanceID", instance, _OPENROSA)
    for name in media:
        add(add(root, "media"), "file", name)
    add(root, "encryptedXmlFile", SUBMISSION_NAME)
    add(root, "base64EncryptedElementSignature", signature)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _instance_id(submission_xml: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = etree.fromstring(submission_xml, parser).findtext(".//{*}instanceID")
    if not found:
        raise ValueError("a submission without instanceID")
    return found.strip()


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
