"""Files that forms bring along: pictures, recordings and tables, each of a kind that every kiosk reads.

A pack is checked when it is built and again when it is loaded: a picture larger than a kiosk can hold, or one
that is something else than its name says, is refused by name.
"""

import io
import struct
import wave
from collections.abc import Callable
from typing import Final

from lxml import etree

from kiosk.errors import Message

MEBIBYTE: Final = 1024 * 1024
LARGEST_PICTURE: Final = 2 * MEBIBYTE
LARGEST_SOUND: Final = 4 * MEBIBYTE
LARGEST_TABLE: Final = 8 * MEBIBYTE
LONGEST_SIDE: Final = 4096
"""Pixels; four times a kiosk's glass."""

PICTURES: Final = frozenset({"png", "jpg", "jpeg", "svg"})
SOUNDS: Final = frozenset({"wav"})
"""Mono, 16 bit, 8 to 48 kHz: what the voice plays without another decoder."""
TABLES: Final = frozenset({"csv", "xml", "geojson"})

_LARGEST: Final = ((PICTURES, LARGEST_PICTURE), (SOUNDS, LARGEST_SOUND), (TABLES, LARGEST_TABLE))
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SVG: Final = "{http://www.w3.org/2000/svg}"


def complaint(name: str, content: bytes) -> Message | None:
    """Why a kiosk cannot use this file of a form; None where it can."""
    kind = name.rpartition(".")[2].lower()
    largest = next((most for kinds, most in _LARGEST if kind in kinds), 0)
    if not largest:
        return Message(
            "A kiosk cannot use {name}: pictures are PNG, JPEG or SVG, recordings WAV (mono, 16 bit), "
            "tables CSV, XML or GeoJSON.",
            {"name": name},
        )
    if len(content) > largest:
        return Message(
            "{name} is too large: at most {largest} MB.", {"name": name, "largest": largest // MEBIBYTE}
        )
    is_what_it_says = _CHECKS.get(kind)
    if is_what_it_says is not None and not is_what_it_says(content):
        return Message(
            "{name} is damaged, is not what its name says, or is larger than {side} pixels.",
            {"name": name, "side": LONGEST_SIDE},
        )
    return None


def _is_png(content: bytes) -> bool:
    """PNG (ISO/IEC 15948) section 11.2.1: width and height come first in IHDR."""
    if not content.startswith(_PNG) or content[12:16] != b"IHDR" or len(content) < 24:
        return False
    width: int
    height: int
    width, height = struct.unpack(">II", content[16:24])
    return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE


def _is_jpeg(content: bytes) -> bool:
    """JPEG (ITU-T T.81) annex B: size stands in the frame header, SOF0 to SOF15."""
    if not content.startswith(b"\xff\xd8"):
        return False
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return False
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height: int
            width: int
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE
        length: int = struct.unpack(">H", content[at + 2 : at + 4])[0]
        at += 2 + length
    return False


def _is_svg(content: bytes) -> bool:
    """A drawing that stands alone: no document type, no script, nothing fetched from elsewhere."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return False
    if root.tag != f"{_SVG}svg" or root.getroottree().docinfo.doctype:
        return False
    for element in root.iter(etree.Element):
        if str(element.tag) in (f"{_SVG}script", f"{_SVG}foreignObject"):
            return False
        for attribute, value in element.attrib.items():
            if str(attribute).rpartition("}")[2] == "href" and not str(value).startswith(("#", "data:")):
                return False
    return True


def _is_wav(content: bytes) -> bool:
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth())
            return shape == (1, 2) and 8000 <= file.getframerate() <= 48000 and file.getnframes() > 0
    except (wave.Error, EOFError):
        return False


_CHECKS: Final[dict[str, Callable[[bytes], bool]]] = {
    "png": _is_png,
    "jpg": _is_jpeg,
    "jpeg": _is_jpeg,
    "svg": _is_svg,
    "wav": _is_wav,
}
