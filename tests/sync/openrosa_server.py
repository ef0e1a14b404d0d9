"""A small OpenRosa 1.0 server on a port of its own: form list, HEAD, multipart submissions, and its rules.

An identical submission that comes again gets 201, the same instance with other content 409, an unknown form
or version 404 (as ODK Central v2024.2 does). It opens ODK's encryption with its own private key, written
from the specification and apart from the product's side.
"""

import base64
import email
import email.policy
import hashlib
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from lxml import etree

NS = {"s": "http://opendatakit.org/submissions", "o": "http://openrosa.org/xforms"}
OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA256(), None)
LIST = "http://openrosa.org/xforms/xformsList"


@dataclass
class OpenRosaServer:
    """``forms`` are (id, version) that it takes; ``fails_with`` answers every POST so while it is set."""

    forms: set[tuple[str, str]]
    accept_bytes: int = 10_000_000
    fails_with: tuple[int, bytes] | None = None
    drops_answers: int = 0
    login: tuple[str, str] | None = None
    received: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Files by instance id."""
    posts: int = 0
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def __enter__(self) -> "OpenRosaServer":
        server = self

        class Handler(_Handler):
            at = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1/key/token/projects/1"

    @property
    def public_key(self) -> str:
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def take(self, parts: dict[str, bytes]) -> int:
        root = etree.fromstring(parts["xml_submission_file"])
        instance = root.findtext(".//o:instanceID", namespaces=NS)
        if not instance:
            return 400
        if (root.get("id"), root.get("version", "")) not in self.forms:
            return 404
        known = self.received.setdefault(instance, parts)
        return 201 if known == parts else 409

    def opened(self, instance: str) -> dict[str, bytes]:
        """The plain files of an encrypted submission, its signature checked."""
        parts = self.received[instance]
        root = etree.fromstring(parts["xml_submission_file"])
        assert root.get("encrypted") == "yes"
        wrapped = root.findtext("s:base64EncryptedKey", namespaces=NS) or ""
        key = self.key.decrypt(base64.b64decode(wrapped), OAEP)
        names = [each.text or "" for each in root.findall("s:media/s:file", NS)]
        names.append(root.findtext("s:encryptedXmlFile", namespaces=NS) or "")
        seed = bytearray(hashlib.md5(instance.encode() + key).digest())
        plain: dict[str, bytes] = {}
        for number, name in enumerate(names):
            seed[number % 16] = (seed[number % 16] + 1) & 0xFF
            decryptor = Cipher(algorithms.AES(key), CFB(bytes(seed))).decryptor()
            padded = decryptor.update(parts[name]) + decryptor.finalize()
            plain[name.removesuffix(".enc")] = padded[: -padded[-1]]
        lines = [root.get("id") or "", root.get("version") or "", wrapped, instance]
        lines += [f"{name}::{hashlib.md5(body).hexdigest()}" for name, body in plain.items()]
        signature = root.findtext("s:base64EncryptedElementSignature", namespaces=NS) or ""
        digest = hashlib.md5("".join(f"{line}\n" for line in lines).encode()).digest()
        assert self.key.decrypt(base64.b64decode(signature), OAEP) == digest
        return plain


class _Handler(BaseHTTPRequestHandler):
    at: OpenRosaServer
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        if self._let_in():
            self._answer(204, b"", {"X-OpenRosa-Accept-Content-Length": str(self.at.accept_bytes)})

    def do_GET(self) -> None:
        if not self._let_in():
            return
        if not self.path.endswith("/formList"):
            self._answer(404, b"")
            return
        forms = "".join(
            f"<xform><formID>{name}</formID><name>{name}</name><version>{version}</version></xform>"
            for name, version in sorted(self.at.forms)
        )
        self._answer(200, f'<xforms xmlns="{LIST}">{forms}</xforms>'.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._let_in():
            return
        self.at.posts += 1
        if self.at.fails_with is not None:
            status, page = self.at.fails_with
            self._answer(status, page, open_rosa=False)
            return
        status = self.at.take(_multipart(self.headers["Content-Type"], body))
        if self.at.drops_answers:
            self.at.drops_answers -= 1
            self.close_connection = True
            return
        self._answer(status, b"<OpenRosaResponse/>")

    def _let_in(self) -> bool:
        if self.headers.get("X-OpenRosa-Version") != "1.0":
            self._answer(400, b"")
            return False
        if urlsplit(self.path).path.rpartition("/")[0] != urlsplit(self.at.url).path:
            self._answer(404, b"")
            return False
        wanted = None if self.at.login is None else ":".join(self.at.login).encode()
        given = self.headers.get("Authorization", "")
        if wanted is not None and given != f"Basic {base64.b64encode(wanted).decode()}":
            self._answer(401, b"", {"WWW-Authenticate": 'Basic realm="forms"'})
            return False
        return True

    def _answer(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, *, open_rosa: bool = True
    ) -> None:
        self.send_response(status)
        if open_rosa:
            self.send_header("X-OpenRosa-Version", "1.0")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _multipart(media_type: str, body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: {media_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    found: dict[str, bytes] = {}
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        found[str(name)] = payload
    return found
