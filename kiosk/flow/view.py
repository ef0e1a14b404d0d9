"""What a page shows and says: one closed vocabulary of parts, shared by screens, voice and tests.

A view is a frozen picture of one page in reading order. Screens render it, the voice speaks it, and the
blind robot walks it, so what is heard is what is seen (508 §402.2, EN 301 549 5.1.3). No Qt here.

Every string is already in the person's language. Ids (``Button.id``, ``field``) are stable English words
that never reach a person; a presenter receives them back in an :class:`Event`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class Tone(StrEnum):
    """How much weight a sentence or a button has. Always told by shape or words as well as by colour."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


class FieldKind(StrEnum):
    """What may be typed, and so which keyboard page opens first."""

    TEXT = "text"
    MULTILINE = "multiline"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CODE = "code"
    """Digits in groups, as on the receipt."""
    PIN = "pin"
    """Digits that are never shown."""
    NATIONAL_ID = "national_id"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``icon`` names a file of ``assets/icons``; it never stands without the label."""

    id: str
    label: str
    hint: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Letters ``start`` to ``end`` of a text that weigh more; only seen, since a voice says plain words."""

    start: int
    end: int
    slanted: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    tone: Tone = Tone.PLAIN
    emphasis: tuple[Emphasis, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed sentence that matters: a title, and what to do about it."""

    title: str
    text: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list; ``numbered`` where the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """``picture``: the bytes of an image that Qt reads; blank for none. ``place``: its rank from 1; 0 for
    one that has none yet."""

    value: str
    label: str
    hint: str = ""
    icon: str = ""
    chosen: bool = False
    picture: bytes = field(default=b"", repr=False)
    place: int = 0
    language: str = ""
    """Where it is not the page's own: a language's card speaks that language."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Cards. One may be chosen, or ``many``. ``acts`` when choosing goes on at once (a menu of ways).

    ``ranked``: each touch gives the next place, and a touch on a card that has one takes it away.
    ``columns``: how many stand side by side where their words have room; 0 for as many as fit well.
    """

    field: str
    choices: tuple[Choice, ...]
    many: bool = False
    acts: bool = False
    label: str = ""
    private: bool = False
    """Which card is chosen is not spoken aloud without headphones."""
    ranked: bool = False
    columns: int = 0


@dataclass(frozen=True, slots=True)
class TextField:
    """``groups`` are the lengths in which digits are shown and spoken, e.g. (4, 4, 4, 4, 4).

    ``unit`` is shown behind the value ("₩", "years"). ``private`` is not spoken aloud without headphones.
    ``thousands`` parts the digits of a number by threes. ``search``: what is typed narrows the choices that
    follow, and answers nothing.
    """

    field: str
    label: str
    value: str = ""
    kind: FieldKind = FieldKind.TEXT
    groups: tuple[int, ...] = ()
    unit: str = ""
    error: str = ""
    private: bool = False
    max_length: int = 0
    covered: bool = False
    """What was typed is shown as dots."""
    thousands: str = ""
    search: bool = False


@dataclass(frozen=True, slots=True)
class DateField:
    """``value`` is ISO 8601 (YYYY-MM-DD) or blank; ``order`` is the language's own: "dmy", "ymd".

    An order without "d" asks for a month, one of "y" alone for a year; what is not asked is 01.
    ``in_words`` is a whole date as people write it, shown beside the boxes.
    """

    field: str
    label: str
    value: str = ""
    order: str = "dmy"
    day_label: str = ""
    month_label: str = ""
    year_label: str = ""
    error: str = ""
    private: bool = False
    covered: bool = False
    """What was typed is shown as dots."""
    in_words: str = ""
    reads_back: bool = True
    """Whether room is kept for ``in_words``; a day with its hour is read back with the hour."""


@dataclass(frozen=True, slots=True)
class TimeField:
    """``value`` is HH:MM of 24 hours, or blank, or what was typed so far; ``in_words`` as in a date."""

    field: str
    label: str
    value: str = ""
    hour_label: str = ""
    minute_label: str = ""
    error: str = ""
    private: bool = False
    in_words: str = ""
    covered: bool = False
    """What was typed is shown as dots."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what, its value, and what can be done with it. ``digits``: the value is a number
    that is said digit by digit."""

    id: str
    label: str
    value: str = ""
    actions: tuple[Button, ...] = ()
    tone: Tone = Tone.PLAIN
    private: bool = False
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Check-your-answers, household members, today's work."""

    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Digits to copy or to keep, in groups: the reference, the receipt code."""

    label: str
    groups: tuple[str, ...]
    caption: str = ""
    qr: str = ""
    """What the QR code beside it holds; blank for none."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of a finger: (x, y, milliseconds since the first touch), in shares of the pad's width."""

    points: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class SignaturePad:
    """``draws``: a drawing is asked for, not a signature."""

    field: str
    label: str
    strokes: tuple[Stroke, ...] = ()
    clear_label: str = ""
    draws: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Work that takes longer than a second. ``total`` 0: its length is not known."""

    label: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """An illustration of ``assets/icons``, or ``data``, the bytes of an image; ``alt`` stands for it.

    ``wide_mm``: drawn exactly so wide, to be compared with a thing in the hand; 0 for as it looks well.
    """

    name: str
    alt: str
    data: bytes = field(default=b"", repr=False)
    wide_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Buttons:
    """Further ways on, beside the page's own back and forward."""

    buttons: tuple[Button, ...]


Part = (
    Paragraph
    | Notice
    | Bullets
    | Choices
    | TextField
    | DateField
    | TimeField
    | Rows
    | Code
    | SignaturePad
    | Progress
    | Picture
    | Buttons
)


@dataclass(frozen=True, slots=True)
class FieldError:
    """Stands above the question and at the field, in the same words; ``field`` blank: the whole page."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Recording:
    """Somebody's own voice for a part of the page, instead of a made one.

    ``part`` is what the words belong to: "title", or "field=value" for a choice; ``data`` a sound file.
    """

    part: str
    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """The quiet bar on top: settings, read it to me, help; blank for a page that has none."""

    buttons: tuple[Button, ...] = ()
    note: str = ""
    """One short line of state, e.g. "Voice is off"."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One page, top to bottom. Each screen has its own subclass, which names the screen."""

    screen: ClassVar[str] = ""

    language: str
    title: str
    title_emphasis: tuple[Emphasis, ...] = ()
    bar: Bar = field(default_factory=Bar)
    where: str = ""
    hint: str = ""
    errors: tuple[FieldError, ...] = ()
    error_title: str = ""
    body: tuple[Part, ...] = ()
    back: Button | None = None
    forward: Button | None = None
    more_label: str = ""
    """What the filled button says while part of the page is unseen."""
    paging: tuple[str, str] = ("", "")
    """Labels of the page-up and page-down buttons."""
    staff: bool = False
    """A volunteer's page: 12.7 mm targets instead of 20 mm."""
    private: bool = False
    """Nothing on this page is spoken aloud without headphones."""
    recordings: tuple[Recording, ...] = ()
    key: str = ""
    """Changes when the page is another page (not merely another state of it): it is then read on arrival."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the view, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice card was pressed: choose it, or with ``many`` turn it over."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole present text of a field (ISO date, digits without spaces, plain text)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    field: str
    strokes: tuple[Stroke, ...]


Event = Pressed | Chosen | Typed | Signed
