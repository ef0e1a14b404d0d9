"""What has to be worked out again when something changes, and in which order."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kiosk.forms.definition import Control, Definition
from kiosk.forms.references import Reference, calls, references
from kiosk.forms.refusal import goes_in_a_circle, too_tangled
from kiosk.forms.xpath import Compiled

Kind: TypeAlias = Literal["calculate", "relevant", "count", "choices"]
"""Only what changes other things is kept up to date; required, read-only, constraints and texts are
worked out when they are asked for."""

MOST_READINGS = 500_000
"""How many nodes all rules together may read: the largest real form seen reads some 3,000. More would keep
a kiosk busy for minutes, as a thousand rules do that each look at every question."""

_VOLATILE = frozenset({"jr:itext", "jr:choice-name"})


@dataclass(slots=True, eq=False)
class Computation:
    """``owner`` is the definition whose nodes it is run for: of a count, the repeat's parent.

    ``rank``: a computation of a lower rank is settled before one of a higher.
    """

    kind: Kind
    definition: Definition
    expression: Compiled
    owner: Definition
    control: Control | None = None
    rank: int = -1
    in_repeat: bool = False
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A computation to run again for its nodes below ``anchor``; ``names`` lead down to them."""

    computation: Computation
    anchor: Definition
    names: tuple[str, ...]
    counted: bool


@dataclass(slots=True, eq=False)
class Graph:
    """``ordered`` by rank. ``readers`` and ``of`` are indexed by ``Definition.index``."""

    ordered: tuple[Computation, ...]
    readers: tuple[tuple[Reader, ...], ...]
    of: tuple[tuple[Computation, ...], ...]
    missing: tuple[tuple[Definition, str, str], ...]


def build_graph(
    definitions: tuple[Definition, ...], primary: str | None, dynamic: tuple[tuple[Control, Compiled], ...]
) -> Graph:
    """Raises FormFault for rules that go round in a circle.

    ``dynamic``: the select controls whose choices depend on answers, with the path to their choices.
    """
    root = definitions[0]
    computations = _computations(definitions, dynamic)
    reads: dict[Computation, tuple[Reference, ...]] = {}
    missing: list[tuple[Definition, str, str]] = []
    readings = 0
    for computation in computations:
        found, unknown = references(computation.expression.tree, computation.definition, root, primary)
        readings += len(found)
        if readings > MOST_READINGS:
            raise too_tangled()
        reads[computation] = found
        missing += [(computation.definition, computation.kind, name) for name in unknown]
    of: list[list[Computation]] = [[] for _ in definitions]
    for computation in computations:
        of[computation.definition.index].append(computation)
    ordered = _ordered(computations, reads, of)
    readers: list[list[Reader]] = [[] for _ in definitions]
    for rank, computation in enumerate(ordered):
        computation.rank = rank
        for reference in reads[computation]:
            anchor = reference.anchor
            if anchor.depth > computation.owner.depth:
                anchor = computation.owner
            reader = Reader(computation, anchor, _names(anchor, computation.owner), reference.counted)
            readers[reference.definition.index].append(reader)
            if reference.definition.children and not reference.counted:
                for below in reference.definition.walk():
                    if below is not reference.definition:
                        readers[below.index].append(reader)
    return Graph(
        tuple(ordered),
        tuple(tuple(each) for each in readers),
        tuple(tuple(each) for each in of),
        tuple(missing),
    )


def _computations(
    definitions: tuple[Definition, ...], dynamic: tuple[tuple[Control, Compiled], ...]
) -> list[Computation]:
    computations: list[Computation] = []
    for definition in definitions:
        bind = definition.bind
        control = definition.control
        if control is not None and control.count is not None and definition.parent is not None:
            computations.append(Computation("count", definition, control.count, definition.parent))
        if bind.relevant is not None:
            computations.append(Computation("relevant", definition, bind.relevant, definition))
        if bind.calculate is not None:
            computations.append(Computation("calculate", definition, bind.calculate, definition))
    for control, nodeset in dynamic:
        if control.definition is not None:
            computations.append(
                Computation("choices", control.definition, nodeset, control.definition, control)
            )
    for computation in computations:
        at: Definition | None = computation.owner
        while at is not None:
            computation.in_repeat = computation.in_repeat or at.is_repeat
            at = at.parent
        source = computation.expression.source
        computation.speaks = "jr" in source and calls(computation.expression.tree, _VOLATILE)
    return computations


def _names(anchor: Definition, owner: Definition) -> tuple[str, ...]:
    names: list[str] = []
    at: Definition | None = owner
    while at is not None and at is not anchor:
        names.append(at.local)
        at = at.parent
    return tuple(reversed(names))


def _sources(reference: Reference, of: list[list[Computation]]) -> list[Computation]:
    """The computations that can change what a reference reads."""
    sources = list(of[reference.definition.index])
    at = reference.definition.parent
    while at is not None:
        sources += [each for each in of[at.index] if each.kind in ("relevant", "count")]
        at = at.parent
    if reference.definition.children and not reference.counted:
        for below in reference.definition.walk():
            if below is not reference.definition:
                sources += of[below.index]
    return sources


def _ordered(
    computations: list[Computation],
    reads: dict[Computation, tuple[Reference, ...]],
    of: list[list[Computation]],
) -> list[Computation]:
    """Sources before readers; a circle of calculations alone is refused.

    A circle that needs a relevance to close (two questions that each hide the other) can be settled,
    and so can one through a predicate (a running total reads the member before), so both pass.
    """
    before: dict[Computation, list[Computation]] = {}
    hard: dict[Computation, list[Computation]] = {}
    for computation in computations:
        sources: dict[Computation, None] = {}
        firm: list[Computation] = []
        for reference in reads[computation]:
            if reference.picked:
                continue
            for source in _sources(reference, of):
                sources[source] = None
                if source.kind == "calculate":
                    firm.append(source)
        if computation.kind in ("calculate", "choices"):
            at: Definition | None = computation.definition
            while at is not None:
                sources.update((each, None) for each in of[at.index] if each.kind == "relevant")
                at = at.parent
        if computation.kind == "choices":
            sources.update(
                (each, None) for each in of[computation.definition.index] if each.kind == "calculate"
            )
        before[computation] = [each for each in sources if each is not computation]
        hard[computation] = firm if computation.kind == "calculate" else []
    for circle in _components([each for each in computations if each.kind == "calculate"], hard):
        if len(circle) > 1 or circle[0] in hard[circle[0]]:
            raise goes_in_a_circle(", ".join(each.definition.name for each in reversed(circle)))
    return [each for component in _components(computations, before) for each in component]


def _components(
    vertices: list[Computation], edges: dict[Computation, list[Computation]]
) -> list[list[Computation]]:
    """Strongly connected components, each after those it depends on (Tarjan, SIAM J. Comput. 1, 1972)."""
    number: dict[Computation, int] = {}
    low: dict[Computation, int] = {}
    stack: list[Computation] = []
    on_stack: set[Computation] = set()
    found: list[list[Computation]] = []
    for start in vertices:
        if start in number:
            continue
        number[start] = low[start] = len(number)
        stack.append(start)
        on_stack.add(start)
        path = [(start, iter(edges[start]))]
        while path:
            vertex, following = path[-1]
            for other in following:
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    path.append((other, iter(edges[other])))
                    break
                if other in on_stack:
                    low[vertex] = min(low[vertex], number[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[vertex])
                if low[vertex] == number[vertex]:
                    component: list[Computation] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member is vertex:
                            break
                    found.append(component)
    return found
