"""Bech32 (BIP 173) without its length limit, as age writes its keys."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_KNOWN = frozenset(_ALPHABET)
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""To the digits in which Python reads a number to the base of 32."""
_LETTERS = bytes.maketrans(bytes(range(32)), _ALPHABET.encode())
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """``data`` under a lower-case human-readable ``prefix``, all in lower case."""
    padding = -8 * len(data) % 5
    number = int.from_bytes(data, "big") << padding
    # A key is short. base64.b32encode does the same for any length, and takes twice as long for these.
    words = bytes([number >> shift & 31 for shift in range(8 * len(data) + padding - 5, -1, -5)])
    letters = prefix.encode("ascii")
    expanded = bytes(letter >> 5 for letter in letters) + b"\0" + bytes(letter & 31 for letter in letters)
    remainder = _polymod(expanded + words + bytes(6)) ^ 1
    checksum = bytes(remainder >> shift & 31 for shift in (25, 20, 15, 10, 5, 0))
    return prefix + "1" + (words + checksum).translate(_LETTERS).decode("ascii")


def decode(text: str) -> tuple[str, bytes]:
    """The opposite of :func:`encode`. Raises ValueError for anything that it cannot have written."""
    prefix, found, rest = text.rpartition("1")
    if not found or not prefix or len(rest) < 6 or not _KNOWN.issuperset(rest) or not text.isascii():
        raise ValueError("no Bech32")
    bits = 5 * (len(rest) - 6)
    number = int(rest[:-6].translate(_DIGITS) or "0", 32)
    data = (number >> bits % 8).to_bytes(bits // 8, "big")
    if encode(prefix, data) != text:
        raise ValueError("no Bech32: its checksum does not fit")
    return prefix, data


def _stirred(top: int) -> int:
    mixed = 0
    for bit, generator in enumerate(_GENERATOR):
        if top >> bit & 1:
            mixed ^= generator
    return mixed


_STIRRED = tuple(map(_stirred, range(32)))


def _polymod(words: bytes) -> int:
    checksum = 1
    for word in words:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ word ^ _STIRRED[checksum >> 25]
    return checksum
