"""Converts an XLSForm as it was found, mending what a machine can mend without guessing what was meant.

pyxform refuses many real spreadsheets for slips that change no answer. Each repair is told in a sentence;
what needs its author is explained in one.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import Message, PackFault

MOST_REPAIRS = 400
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
_QUOTED = re.compile(r"'([^']+)'")
_STYLES = "xl/styles.xml"
_PLAIN_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/></fonts>'
    "<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    f"<cellXfs>{'<xf/>' * 4096}</cellXfs></styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Converted:
    """``repairs`` and ``warnings`` are for the author: what was mended, and what the converter noticed.

    ``rows``: the row of the sheet survey (1 is its heading) that each node's path comes from.
    """

    xform: bytes
    repairs: tuple[Message, ...]
    warnings: tuple[str, ...]
    rows: Mapping[str, int]


@dataclass(slots=True)
class _Book:
    """A spreadsheet's sheets by name, and what was mended in them."""

    sheets: dict[str, Any]
    repairs: list[Message] = field(default_factory=list)

    def rows(self, sheet: str) -> list[dict[str, str]]:
        return self.sheets.get(sheet) or []

    def row(self, sheet: str, number: int) -> dict[str, str]:
        """A row by the number that its author sees: 1 is the heading."""
        rows = self.rows(sheet)
        return rows[number - 2] if 0 <= number - 2 < len(rows) else {}

    def told(self, sentence: Message) -> bool:
        if sentence not in self.repairs:
            self.repairs.append(sentence)
        return True


def convert_as_found(path: Path) -> Converted:
    """The XForm of a spreadsheet (or Markdown), mended where that is mechanical.

    Raises PackFault with a sentence for its author where it is not, and where pyxform is not installed.
    """
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert
    except ImportError as error:
        raise PackFault(
            Message("Forms cannot be converted on this machine."),
            Message("Install Opora with its part for authors (the extra named “author”)."),
        ) from error
    book = _read(path)
    for _ in range(MOST_REPAIRS):
        noticed: list[str] = []
        try:
            converted = convert(dict(book.sheets), warnings=noticed, form_name="data")
        except PyXFormError as error:
            lines = [line for line in str(error).splitlines() if line.strip()]
            if sum(_mended(book, line) for line in lines) == 0:
                raise _explained(path, book, lines[0] if lines else "") from error
            continue
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # pyxform stumbles over some books without a word for their author.
            raise _explained(path, book, str(error)) from error
        return Converted(converted.xform.encode(), tuple(book.repairs), tuple(noticed), _rows(book))
    raise _explained(path, book, "")


def _rows(book: _Book) -> Mapping[str, int]:
    settings = (book.rows("settings") or [{}])[0]
    path = [settings.get("name") or "data"]
    rows: dict[str, int] = {}
    for number, row in enumerate(book.rows("survey"), 2):
        begins = re.match(r"(begin|end)[ _](?:group|repeat|loop)", str(row.get("type", "")).strip().lower())
        if begins is not None and begins[1] == "end":
            path = path[:-1] or path
        elif row.get("name"):
            rows["/" + "/".join([*path, row["name"]])] = number
            if begins is not None:
                path = [*path, row["name"]]
    return rows


def _read(path: Path) -> _Book:
    content = path.read_bytes()
    kind, told = _kind(path, content)
    try:
        with warnings.catch_warnings():
            # What openpyxl says of fonts and footers is no help to an author.
            warnings.simplefilter("ignore", UserWarning)
            data, unstyled = _sheets(content, kind)
    except ImportError:
        raise
    except Exception as error:
        gaps: dict[str, str | int] = {"file": path.name}
        raise PackFault(
            Message("The file {file} cannot be read as a spreadsheet.", gaps),
            Message("Open it in a spreadsheet program and save it again as .xlsx."),
            detail=str(error),
        ) from error
    if unstyled:
        told.append(Message("The spreadsheet's colours and fonts could not be read, and were left out."))
    sheets = {name: getattr(data, name) for name in type(data).__slots__}
    return _Book({**sheets, "fallback_form_name": path.stem}, told)


def _sheets(content: bytes, kind: str) -> tuple[Any, bool]:
    """What pyxform reads of a book, and whether its styles had to be left out."""
    from pyxform.xls2xform import get_xlsform

    try:
        return get_xlsform(content, file_type=kind), False
    except Exception:
        # Which part of a book is damaged, its readers do not say: its styles are what no answer needs.
        if kind not in (".xlsx", ".xlsm"):
            raise
        return get_xlsform(_without_styles(content), file_type=kind), True


def _kind(path: Path, content: bytes) -> tuple[str, list[Message]]:
    """What a file is, whatever its name says."""
    named = path.suffix.lower()
    kind = named
    if content.startswith(_OLE):
        kind = ".xls"
    elif zipfile.is_zipfile(io.BytesIO(content)) and named != ".xlsm":
        kind = ".xlsx"
    if kind == named:
        return kind, []
    gaps: dict[str, str | int] = {"named": named, "kind": kind}
    return kind, [
        Message("The file is named {named} but is a {kind} spreadsheet: it was read as that.", gaps)
    ]


def _without_styles(content: bytes) -> bytes:
    mended = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(mended, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, _PLAIN_STYLES if entry.filename == _STYLES else old.read(entry))
    return mended.getvalue()


def _mended(book: _Book, line: str) -> bool:
    """Whether something was changed that may make a line of pyxform's objections go away."""
    return any(repair(book, line) for repair in (_duplicate_choices, _duplicate_name, _stray_cell))


def _duplicate_choices(book: _Book, line: str) -> bool:
    if "allow_choice_duplicates" not in line:
        return False
    settings = {**(book.rows("settings") or [{}])[0], "allow_choice_duplicates": "yes"}
    book.sheets["settings"] = [settings]
    book.sheets["settings_header"] = [dict.fromkeys(settings)]
    return book.told(
        Message(
            "Some choices have the same name as another of their list; the setting allow_choice_duplicates "
            "now allows it."
        )
    )


def _duplicate_name(book: _Book, line: str) -> bool:
    """The later of two questions gets a name of its own; `${name}` goes on meaning the first."""
    match = _ROW.search(line)
    if match is None or "must be unique within" not in line or "'survey'" not in line:
        return False
    number = int(match[1])
    row = book.row("survey", number)
    name = row.get("name", "")
    if not name:
        return False
    taken = {each.get("name") for each in book.rows("survey")}
    new = next(f"{name}_{at}" for at in range(2, len(taken) + 3) if f"{name}_{at}" not in taken)
    row["name"] = new
    return book.told(
        Message(
            "On the sheet survey, row {row}: {name} is there twice; this one is now called {new}.",
            {"row": number, "name": name, "new": new},
        )
    )


def _stray_cell(book: _Book, line: str) -> bool:
    """What stands in a column that XLSForm does not know (an author's own), or is no parameter."""
    match = _ROW.search(line)
    quoted = _QUOTED.findall(line)
    if match is None or len(quoted) < 2 or "value is invalid" not in line:
        return False
    sheet, column, number = quoted[0], quoted[1], int(match[1])
    row = book.row(sheet, number)
    ours = sheet == "survey" and not _is_known(column)
    if column not in row or not (ours or column == "parameters"):
        return False
    if ours:
        for each in book.rows(sheet):
            each.pop(column, None)
        return book.told(
            Message(
                "On the sheet {sheet}, the column {column} is no part of XLSForm and could not be read: "
                "it was left out.",
                {"sheet": sheet, "column": column},
            )
        )
    value = row.pop(column)
    return book.told(
        Message(
            "On the sheet survey, row {row}: “{value}” is no parameter (name=value): it was left out.",
            {"row": number, "value": value},
        )
    )


def _is_known(column: str) -> bool:
    from pyxform import aliases, constants

    base = column.partition("::")[0].partition(":")[0].strip().lower()
    names = {str(name) for name in aliases.survey_header}
    named = {value for value in vars(constants).values() if isinstance(value, str)}
    return base in names or base in named


def _explained(path: Path, book: _Book, line: str) -> PackFault:
    """pyxform's first objection, as a sentence that says where and what to do."""
    reason = _ROW.sub("", line).strip()
    match = _ROW.search(line)
    quoted = _QUOTED.findall(line)
    sheet = next((name for name in quoted if name in ("survey", "choices", "settings", "entities")), "survey")
    advice = Message("Change it in the spreadsheet and convert it again.")
    gaps: dict[str, str | int] = {"file": path.name, "sheet": sheet, "reason": reason}
    if match is not None:
        gaps["row"] = int(match[1])
    for told in _EXPLANATIONS:
        sentence = told(book, line, gaps)
        if sentence is not None:
            return PackFault(sentence, advice, detail=reason)
    if match is not None:
        return PackFault(
            Message("In the form {file}, sheet “{sheet}”, row {row}: {reason}", gaps), advice, detail=reason
        )
    return PackFault(Message("The form {file} cannot be converted: {reason}", gaps), advice, detail=reason)


def _no_survey(book: _Book, line: str, gaps: dict[str, str | int]) -> Message | None:
    if book.rows("survey"):
        return None
    return Message("The file {file} has no sheet named survey, where a form's questions stand.", gaps)


def _no_list(book: _Book, line: str, gaps: dict[str, str | int]) -> Message | None:
    match = re.search(r"List name not in choices sheet: (.+)", line)
    if match is None:
        return None
    return Message(
        "In the form {file}, sheet “survey”, row {row}: the question chooses from the list “{list}”, "
        "which the sheet “choices” does not have.",
        {**gaps, "list": match[1].strip()},
    )


def _broken_reference(book: _Book, line: str, gaps: dict[str, str | int]) -> Message | None:
    quoted = _QUOTED.findall(line)
    if "Reference variables must" not in line or len(quoted) < 2 or "row" not in gaps:
        return None
    value = book.row(quoted[0], int(gaps["row"])).get(quoted[1], "")
    return Message(
        "In the form {file}, sheet “{sheet}”, row {row}, column “{column}”: a reference is not closed. It "
        "should read ${{name}}; there stands: {value}",
        {**gaps, "column": quoted[1], "value": value},
    )


_EXPLANATIONS: tuple[Callable[[_Book, str, dict[str, str | int]], Message | None], ...] = (
    _no_survey,
    _no_list,
    _broken_reference,
)
