"""What stands on a printed paper, read back from the PDF by other people's software."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from math import hypot
from pathlib import Path
from re import compile as pattern

import numpy as np
import pypdf
import pytest
import zxingcpp
from PIL import Image
from pypdf.generic import ContentStream, DictionaryObject, PdfObject

from kiosk.receipts.sheet import MILLIMETRE, PAGE_WIDTH

_WORD = pattern(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')


@dataclass(frozen=True, slots=True)
class Writing:
    """A stretch of letters; ``size`` in points as it is on the paper."""

    text: str
    font: str
    size: float


@dataclass(frozen=True, slots=True)
class Word:
    """Points from the upper left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Barcode:
    content: str
    side_mm: float


def pages(pdf: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def letters(text: str) -> str:
    """Without blanks: where lines break is the paper's affair."""
    return "".join(text.split())


def page_letters(pdf: bytes) -> list[str]:
    return [letters(page.extract_text()) for page in pages(pdf)]


def writing(pdf: bytes) -> list[Writing]:
    found: list[Writing] = []

    def visit(text: str, cm: list[float], tm: list[float], font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font is not None:
            scale = hypot(tm[0], tm[1]) * hypot(cm[0], cm[1])
            found.append(Writing(text, str(font["/BaseFont"]), size * scale))

    for page in pages(pdf):
        page.extract_text(visitor_text=visit)
    return found


def fonts(pdf: bytes) -> dict[str, bool]:
    """Name of every font that letters are set in, and whether its outlines are in the file."""
    found: dict[str, bool] = {}
    used = {piece.font for piece in writing(pdf)}
    for page in pages(pdf):
        for font in _font_entries(page["/Resources"]):
            name = str(font["/BaseFont"])
            if name in used:
                found[name] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


def _font_entries(resources: PdfObject) -> Iterator[DictionaryObject]:
    """A spooler may wrap a page's content into a form of its own, with its own fonts."""
    assert isinstance(resources, DictionaryObject)
    for font in resources.get("/Font", DictionaryObject()).values():
        yield font.get_object()
    for form in resources.get("/XObject", DictionaryObject()).values():
        if "/Resources" in form.get_object():
            yield from _font_entries(form.get_object()["/Resources"])


def words(pdf: bytes) -> list[list[Word]]:
    """Every word of every page with its box, by poppler's pdftotext."""
    need("pdftotext")
    said = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    return [
        [
            Word(unescape(text), float(left), float(top), float(right), float(bottom))
            for left, top, right, bottom, text in _WORD.findall(page)
        ]
        for page in said.stdout.decode().split("<page ")[1:]
    ]


def barcodes(pdf: bytes, folder: Path, dpi: int = 150) -> list[Barcode]:
    """Every barcode of every page, found in the page as a picture."""
    need("pdftoppm")
    (folder / "read.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-png", "-gray", "-r", str(dpi), str(folder / "read.pdf"), str(folder / "page")],
        check=True,
    )
    found = []
    for picture in sorted(folder.glob("page*.png")):
        with Image.open(picture) as image:
            for code in zxingcpp.read_barcodes(np.asarray(image)):
                corners = code.position
                side = hypot(
                    corners.top_right.x - corners.top_left.x, corners.top_right.y - corners.top_left.y
                )
                found.append(Barcode(code.text, side / dpi * 25.4))
        picture.unlink()
    return found


def cut_lines(page: pypdf.PageObject) -> Iterator[float]:
    """How far from the upper edge, in points, lines run across the whole page."""
    start = (-1.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"m":
            start = (float(operands[0]), float(operands[1]))
        elif operator == b"l" and start[0] == 0 and abs(float(operands[0]) - PAGE_WIDTH) < 1:
            yield 297 * MILLIMETRE - start[1]


def dashes(page: pypdf.PageObject) -> set[tuple[float, ...]]:
    return {
        tuple(float(length) for length in operands[0])
        for operands, operator in ContentStream(page.get_contents(), page.pdf).operations
        if operator == b"d"
    }


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
