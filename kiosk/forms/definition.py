"""What a form is, once read: nodes, binds, controls, texts. Nothing here changes after parsing.

Names are the ODK XForms specification's ("Instance", "Bindings", "Body").
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from kiosk.forms.xpath import Compiled

OPORA = "https://opora.invalid/ns"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class Translated:
    """``jr:itext('key')`` with a fixed key."""

    key: str


Piece: TypeAlias = "str | Compiled | Translated"


@dataclass(frozen=True, slots=True)
class Text:
    """A label, hint or message: words, ``<output>`` values and itext, in their order."""

    pieces: tuple[Piece, ...]

    @property
    def expressions(self) -> Iterator[Compiled]:
        for piece in self.pieces:
            if isinstance(piece, Compiled):
                yield piece


@dataclass(frozen=True, slots=True)
class Bind:
    """``number_kind`` names a module of python-stdnum: ``kr.rrn``. ``currency``: ISO 4217, of an amount."""

    type: str = "string"
    calculate: Compiled | None = None
    relevant: Compiled | None = None
    required: Compiled | None = None
    readonly: Compiled | None = None
    constraint: Compiled | None = None
    required_message: Text | None = None
    constraint_message: Text | None = None
    preload: str = ""
    preload_params: str = ""
    number_kind: str | None = None
    currency: str = ""
    private: bool = False
    person: str = ""
    """What this says of the person the application is for: ``name`` or ``born``; blank for anything else."""


@dataclass(frozen=True, slots=True)
class Item:
    value: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class Itemset:
    """``value``, ``label`` and ``key`` (of itext) are read with each node of ``nodeset`` as context."""

    nodeset: Compiled
    value: Compiled
    label: Text | None
    key: Compiled | None
    in_primary: bool


@dataclass(frozen=True, slots=True)
class SetValue:
    """``at`` is the node whose control holds the action; None for one in the model.

    ``target`` is where ``path`` leads; None where only running it can tell.
    """

    events: frozenset[str]
    target: "Definition | None"
    path: Compiled
    value: Compiled | None
    text: str
    at: "Definition | None"


@dataclass(slots=True, eq=False)
class Control:
    """``element``: input, select, select1, rank, range, upload, trigger, group or repeat."""

    element: str
    definition: "Definition | None"
    appearance: frozenset[str] = frozenset()
    label: Text | None = None
    hint: Text | None = None
    items: tuple[Item, ...] = ()
    itemset: Itemset | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Control"] = field(default_factory=list)
    parent: "Control | None" = None
    count: Compiled | None = None
    fixed: bool = False

    @property
    def has_choices(self) -> bool:
        return self.element in ("select", "select1", "rank")


@dataclass(slots=True, eq=False)
class Definition:
    """A node of the primary instance, whatever the number of its instances.

    ``members`` of a repeat are those that the form itself defines, ``template`` is what a new one is.
    ``path`` is absolute, of qualified names as the form writes them, without positions:
    ``/data/member/age``. ``depth`` counts from 0 at the root.
    """

    index: int
    local: str
    namespace: str
    prefix: str
    path: str
    depth: int
    parent: "Definition | None"
    children: dict[str, "Definition"] = field(default_factory=dict)
    attributes: tuple[tuple[str, str, str, str], ...] = ()
    is_repeat: bool = False
    bind: Bind = Bind()
    control: Control | None = None
    template: "Blueprint | None" = None
    members: "tuple[Blueprint, ...]" = ()
    nsmap: dict[str | None, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    def child(self, name: str) -> "Definition | None":
        """By qualified name, or else by local name."""
        found = self.children.get(name)
        if found is None:
            local = name.rpartition(":")[2]
            found = next((each for each in self.children.values() if each.local == local), None)
        return found

    def walk(self) -> Iterator["Definition"]:
        yield self
        for child in self.children.values():
            yield from child.walk()

    def is_within(self, other: "Definition") -> bool:
        """Whether this is ``other`` or lies below it."""
        at: Definition | None = self
        while at is not None and at.depth >= other.depth:
            if at is other:
                return True
            at = at.parent
        return False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Nodes to be made: of the form's first instance, or of one new member of a repeat."""

    definition: Definition
    text: str
    children: tuple["Blueprint", ...]
    attributes: tuple[tuple[str, str, str, str], ...] = ()
