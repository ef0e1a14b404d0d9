"""An envelope of which one bit has flipped on the disk is put right again from its own digests.

A disk or a memory chip that fails often begins with a single bit. The digests say what the content was, so
that bit can be looked for, and an application need not be asked for a second time. What is damaged further
is left to be set aside.
"""

import hashlib
import json
import logging
from typing import Any

from kiosk.applications.envelope import envelope_digest

MOST = 32 * 1024
"""Bytes of a part in which a bit is looked for; the search takes seconds from there on."""

log = logging.getLogger(__name__)


def whole_header(text: str, digest: str) -> dict[str, Any] | None:
    """The header of ``digest``, read from ``text``, in which one bit may have flipped; None if it is not
    to be found. Bytes of ``text`` that were no UTF-8 stand as surrogates (PEP 383)."""
    found = _with_digest(text.encode("utf-8", "surrogateescape"), digest)
    if found is not None:
        return found
    content = bytearray(text.encode("utf-8", "surrogateescape"))
    for bit in range(8 * len(content)):
        content[bit // 8] ^= 1 << bit % 8
        found = _with_digest(bytes(content), digest)
        if found is not None:
            log.warning("a bit had flipped in a stored header and was put right")
            return found
        content[bit // 8] ^= 1 << bit % 8
    return None


def whole_body(body: bytes, digest: str) -> bytes | None:
    """The bytes whose SHA-256 (lower-case hex) is ``digest``: ``body``, or ``body`` but for one bit."""
    if hashlib.sha256(body).hexdigest() == digest:
        return body
    if len(body) > MOST:
        return None
    wanted = bytes.fromhex(digest)
    before = hashlib.sha256()
    for place in range(len(body)):
        rest = body[place + 1 :]
        for bit in range(8):
            tried = before.copy()
            tried.update(bytes([body[place] ^ (1 << bit)]))
            tried.update(rest)
            if tried.digest() == wanted:
                log.warning("a bit had flipped in a stored part and was put right")
                return body[:place] + bytes([body[place] ^ (1 << bit)]) + rest
        before.update(body[place : place + 1])
    return None


def _with_digest(content: bytes, digest: str) -> dict[str, Any] | None:
    """One witness is enough, the header's own digest or the one beside it: a bit may flip in those too."""
    try:
        header = json.loads(content)
        if not isinstance(header, dict):
            return None
        true = envelope_digest(header)
    except (ValueError, RecursionError):
        return None
    return {**header, "digest": true} if true in (digest, header.get("digest")) else None
