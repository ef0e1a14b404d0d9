"""Whose releases are believed: TUF's root and targets roles (specification 1.0, sections 4.3, 4.5 and 5.3).

Of TUF's four roles two are used. *Root* says who may sign, and replaces itself by a chain that the old keys
and the new ones sign. *Targets* is the release. Snapshot and timestamp tell a client that polls a mirror that
it is not shown an old state: here a signed list is one piece, so nothing in it can be mixed, and the hub's
answer is signed over the kiosk's own question; a stick cannot be fresh, whatever is signed about it.

Metadata travel as DSSE envelopes: a payload is parsed only when its signatures were found right.

**Time stops nothing.** A centre's clock may stand at 1970, its line may be down for half a year; a kiosk that
refuses what is overdue would refuse the update that mends it. ``expires`` is told to the coordinator and
refuses nothing. What a kiosk has seen is never undone: an older number is refused whatever the clock says.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from securesystemslib.exceptions import Error as SignatureFormatError
from tuf.api.dsse import SimpleEnvelope
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Root, Targets
from tuf.api.serialization import DeserializationError

from kiosk.updates.release import (
    MOST_BODIES,
    MOST_BODY,
    MOST_HEAD,
    Release,
    Target,
    damaged,
    elsewhere,
    not_signed,
    older,
    two_of_one_number,
)

FORMAT = 1
DEPLOYMENT = "x-opora-deployment"
CUSTOM = "x-opora"
ED25519 = "ed25519"
_ROOT, _TARGETS = "root", "targets"
_NONSENSE = (ValueError, KeyError, TypeError, AttributeError, RecursionError, SignatureFormatError)

Payload = TypeVar("Payload", Root, Targets)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest release that was ever believed. ``digest`` is :attr:`Release.digest`."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Believed:
    """A release, and the root that vouches for it: from now on that root is trusted. ``rotated`` tells that
    all keys that sign releases are others than before, so numbers begin anew."""

    release: Release
    root: bytes
    rotated: bool


class Head:
    """A release's signed list and the chain of roots, as they travel: JSON, at most :data:`MOST_HEAD` bytes.

    Reading one parses nothing but the envelopes around what is signed.
    """

    def __init__(self, roots: tuple[SimpleEnvelope[Root], ...], targets: SimpleEnvelope[Targets]) -> None:
        self.roots = roots
        self.targets = targets

    @classmethod
    def reading(cls, content: bytes) -> "Head":
        """Raises :class:`~kiosk.errors.PackFault` for what is none."""
        if len(content) > MOST_HEAD:
            raise damaged("the list is too long")
        try:
            parts = json.loads(content)
            if parts["format"] != FORMAT:
                raise damaged(f"format {parts['format']!r}"[:60])
            roots = tuple(_envelope(each) for each in parts["roots"])
            return cls(roots, _envelope(parts["targets"]))
        except _NONSENSE as error:
            raise damaged(type(error).__name__) from error

    def written(self) -> bytes:
        parts = {
            "format": FORMAT,
            "roots": [each.to_dict() for each in self.roots],
            "targets": self.targets.to_dict(),
        }
        return json.dumps(parts, separators=(",", ":"), sort_keys=True).encode()

    def first_root(self) -> bytes:
        """The root that the chain begins with, for whoever compares its number and then trusts it."""
        if not self.roots:
            raise damaged("no root")
        return root_bytes(self.roots[0])

    def believed(self, root: bytes, seen: Seen | None, deployment: str = "") -> Believed:
        """What this head says, where ``root`` (an envelope, trusted) and its successors vouch for it.

        Raises :class:`~kiosk.errors.PackFault`. A root of the chain that was believed is told by
        :func:`newest_root` also where the release is refused.
        """
        trusted, newest = _successor(root, self.roots)
        rotated = _signers(_root_of(root)).isdisjoint(_signers(trusted))
        release = self._release(trusted, deployment)
        if seen is not None and not rotated:
            if release.number < seen.number:
                raise older(release.number, seen.number)
            if release.number == seen.number and release.digest != seen.digest:
                raise two_of_one_number(release.number)
        return Believed(release, newest, rotated)

    def newest_root(self, root: bytes) -> bytes:
        """``root`` or the last of its successors in this chain."""
        return _successor(root, self.roots)[1]

    def _release(self, trusted: Root, deployment: str) -> Release:
        envelope = self.targets
        try:
            trusted.verify_delegate(_TARGETS, envelope.pae(), envelope.signatures)
        except (UnsignedMetadataError, ValueError) as error:
            raise not_signed(str(error)) from error
        targets = _parsed(envelope, Targets)
        named = targets.unrecognized_fields.get(DEPLOYMENT, "")
        if named and deployment and named != deployment:
            raise elsewhere(str(named)[:60])
        if targets.delegations is not None or len(targets.targets) > MOST_BODIES:
            raise damaged("delegations, or too many files")
        return Release(
            targets.version,
            hashlib.sha256(envelope.payload).hexdigest(),
            targets.expires,
            tuple(_target(path, each.to_dict()) for path, each in sorted(targets.targets.items())),
        )


def root_bytes(envelope: SimpleEnvelope[Root]) -> bytes:
    """As a kiosk keeps it."""
    return json.dumps(envelope.to_dict(), separators=(",", ":"), sort_keys=True).encode()


def fingerprint(root: bytes) -> str:
    """Thirty digits in six groups, for a letter and a telephone: SHA-256 of what is signed, as a number."""
    digest = hashlib.sha256(_envelope(json.loads(root)).payload).digest()
    digits = f"{int.from_bytes(digest[:16]) % 10**30:030}"
    return " ".join(digits[at : at + 5] for at in range(0, 30, 5))


def check_root(root: bytes) -> None:
    """A first root has nobody to vouch for it but itself. Raises :class:`~kiosk.errors.PackFault`."""
    _root_of(root)


def _root_of(root: bytes) -> Root:
    try:
        envelope: SimpleEnvelope[Root] = _envelope(json.loads(root))
    except _NONSENSE as error:
        raise damaged("root") from error
    parsed = _parsed(envelope, Root)
    _vouch(parsed, envelope)
    return parsed


def _successor(root: bytes, chain: tuple[SimpleEnvelope[Root], ...]) -> tuple[Root, bytes]:
    """TUF 5.3: each next root is signed by enough keys of the one before, and of its own."""
    trusted, newest = _root_of(root), root
    for envelope in chain[trusted.version :]:
        _vouch(trusted, envelope)
        following = _parsed(envelope, Root)
        _vouch(following, envelope)
        if following.version != trusted.version + 1:
            raise not_signed(f"root {following.version} after {trusted.version}")
        trusted, newest = following, root_bytes(envelope)
    return trusted, newest


def _vouch(root: Root, envelope: SimpleEnvelope[Any]) -> None:
    try:
        root.verify_delegate(_ROOT, envelope.pae(), envelope.signatures)
    except (UnsignedMetadataError, ValueError) as error:
        raise not_signed(str(error)) from error


def _signers(root: Root) -> frozenset[str]:
    return frozenset(root.roles[_TARGETS].keyids)


def _envelope(value: object) -> SimpleEnvelope[Any]:
    if not isinstance(value, dict):
        raise damaged("no envelope")
    envelope = cast("SimpleEnvelope[Any]", SimpleEnvelope.from_dict(value))
    if envelope.payload_type != SimpleEnvelope.DEFAULT_PAYLOAD_TYPE:
        raise damaged("another kind of envelope")
    return envelope


def _parsed(envelope: SimpleEnvelope[Any], kind: type[Payload]) -> Payload:
    """Only after its signatures were found right."""
    try:
        signed = envelope.get_signed()
    except (DeserializationError, *_NONSENSE) as error:
        raise damaged(type(error).__name__) from error
    if not isinstance(signed, kind):
        raise damaged(f"no {kind.__name__}")
    if isinstance(signed, Root) and any(key.keytype != ED25519 for key in signed.keys.values()):
        raise damaged("a key that is not Ed25519")
    return signed


def _target(path: str, file: Mapping[str, object]) -> Target:
    """The path names nothing on any disk: it is the author's own, and the body is named by its digest."""
    try:
        custom, hashes = file["custom"][CUSTOM], file["hashes"]  # type: ignore[index]
        target = Target(
            str(custom["kind"]),
            str(custom["id"]),
            str(custom["version"]),
            str(hashes["sha256"]),  # type: ignore[index]
            int(file["length"]),  # type: ignore[call-overload]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(f"{path[:60]!r}") from error
    plain = len(target.digest) == 64 and set(target.digest) <= set("0123456789abcdef")
    if not plain or not 0 < target.size <= MOST_BODY or not (target.version.isprintable() and target.id):
        raise damaged(f"{path[:60]!r}")
    return target
