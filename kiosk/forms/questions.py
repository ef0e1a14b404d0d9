"""What a screen shows of a form: snapshots, free of the session that made them."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.forms.instance import Ref


class QuestionKind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    RANGE = "range"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    SIGNATURE = "signature"
    DRAWING = "drawing"
    IMAGE = "image"
    FILE = "file"
    AUDIO = "audio"
    VIDEO = "video"
    GEOPOINT = "geopoint"
    GEOTRACE = "geotrace"
    GEOSHAPE = "geoshape"
    BARCODE = "barcode"
    REPEAT = "repeat"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Choice:
    """``image`` and ``audio`` are names of attached files."""

    value: str
    label: str
    image: str | None = None
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds and step of a range question."""

    start: float
    end: float
    step: float


@dataclass(frozen=True, slots=True)
class Question:
    """One page's worth. Texts are in the session's language, with what ``<output>`` puts into them.

    ``section``: labels of the groups around it, outermost first. ``private``: not to be spoken aloud
    or shown unasked. ``number_kind``: the national number it takes, as a python-stdnum module. ``currency``:
    the ISO 4217 code of the money that a number is an amount of.
    ``is_last_signature``: the form ends with it, so it is signed after the answers were checked.
    """

    ref: Ref
    name: str
    kind: QuestionKind
    appearance: frozenset[str]
    label: str
    hint: str | None
    guidance: str | None
    section: tuple[str, ...]
    value: str
    required: bool
    readonly: bool
    required_message: str | None
    constraint_message: str | None
    choices: tuple[Choice, ...] = ()
    number_kind: str | None = None
    currency: str = ""
    private: bool = False
    person: str = ""
    is_last_signature: bool = False
    short_label: str | None = None
    image: str | None = None
    audio: str | None = None
    range: Range | None = None
    rows: int | None = None


class ViolationKind(StrEnum):
    REQUIRED = "required"
    CONSTRAINT = "constraint"
    TYPE = "type"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Violation:
    """``message`` is the form's own, in the session's language; None where it has none."""

    ref: Ref
    kind: ViolationKind
    message: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``accepted``: the answer stands as given. A value that breaks a rule is kept, and ``violation``
    says which; the caller moves on only where that is None."""

    changed: tuple[Ref, ...]
    accepted: bool
    violation: Violation | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """``ref`` without a position; ``instances`` with. ``labels``: what each member is called, if anything."""

    ref: Ref
    label: str
    count: int
    instances: tuple[Ref, ...]
    can_add: bool
    can_remove: bool
    labels: tuple[str, ...] = ()
