"""Which nodes of the primary instance an expression reads, found without running it."""

from dataclasses import dataclass

from kiosk.forms.definition import Definition
from kiosk.forms.xpath import grammar

_COUNTS = frozenset({"count", "position", "count-non-empty"})
"""Functions that look at which nodes there are more than at what they hold."""


@dataclass(frozen=True, slots=True)
class Reference:
    """``anchor``: the highest node on the way there. Who reads ``../a`` of its own household member
    is not touched by another member's ``a``. ``picked``: through a predicate or ``indexed-repeat``, so
    that it may be another instance of what reads it."""

    definition: Definition
    anchor: Definition
    picked: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class _Place:
    definition: Definition
    anchor: Definition
    picked: bool


class _Finder:
    def __init__(self, root: Definition, own: Definition, primary: str | None) -> None:
        self._root = root
        self._own = own
        self._primary = primary
        self.found: dict[tuple[int, int, bool, bool], Reference] = {}
        self.missing: list[str] = []

    def visit(
        self,
        expression: grammar.Expression,
        here: tuple[_Place, ...],
        *,
        counted: bool = False,
        picked: bool = False,
    ) -> None:
        match expression:
            case grammar.Negation(operand):
                self.visit(operand, here)
            case grammar.Chain(first, rest):
                self.visit(first, here)
                for _, operand in rest:
                    self.visit(operand, here)
            case grammar.Call(name, arguments):
                indexed = name == "indexed-repeat"
                for at, argument in enumerate(arguments):
                    self.visit(
                        argument,
                        here,
                        counted=name in _COUNTS or (indexed and at % 2 == 1),
                        picked=indexed and at == 0,
                    )
            case grammar.Path() | grammar.Filter():
                for place in self._places(expression, here):
                    self._note(place, counted=counted, picked=picked)

    def _note(self, place: _Place, *, counted: bool, picked: bool) -> None:
        anchor = self._root if picked else place.anchor
        reference = Reference(place.definition, anchor, place.picked or picked, counted)
        key = (place.definition.index, anchor.index, reference.picked, counted)
        self.found[key] = reference

    def _places(self, expression: grammar.Expression, here: tuple[_Place, ...]) -> tuple[_Place, ...]:
        """Where a path may lead; empty outside the primary instance."""
        match expression:
            case grammar.Filter(operand, predicates):
                places = self._places(operand, here)
                return self._filtered(places, predicates)
            case grammar.Path(absolute, start, steps):
                if absolute:
                    above = Definition(-1, "", "", "", "", -1, None, {self._root.name: self._root})
                    return self._stepped((_Place(above, self._root, False),), steps)
                if start is not None:
                    return self._stepped(self._places(start, here), steps)
                return self._stepped(here, steps)
            case grammar.Call("current", ()):
                return (_Place(self._own, self._own, False),)
            case grammar.Call("instance", (grammar.Literal(name),)) if name == self._primary:
                above = Definition(-1, "", "", "", "", -1, None, {self._root.name: self._root})
                return (_Place(above, self._root, False),)
            case grammar.Call("randomize", arguments) if arguments:
                for argument in arguments[1:]:
                    self.visit(argument, here)
                return self._places(arguments[0], here)
            case _:
                self.visit(expression, here)
                return ()

    def _stepped(self, places: tuple[_Place, ...], steps: tuple[grammar.Step, ...]) -> tuple[_Place, ...]:
        inside = bool(places)
        for step in steps:
            moved: list[_Place] = []
            for place in places:
                moved += self._step(place, step)
            if inside and not moved and step.axis == "child":
                self.missing.append(step.test)
            places = self._filtered(tuple(moved), step.predicates)
        return places

    def _step(self, place: _Place, step: grammar.Step) -> list[_Place]:
        at, anchor, picked = place.definition, place.anchor, place.picked
        match step.axis:
            case "self":
                return [place]
            case "parent" | "ancestor" | "ancestor-or-self":
                found = [place] if step.axis == "ancestor-or-self" else []
                while at.parent is not None:
                    at = at.parent
                    anchor = at if at.depth < anchor.depth else anchor
                    found.append(_Place(at, anchor, picked))
                    if step.axis == "parent":
                        break
                return found
            case "child":
                if step.test in ("*", "node()"):
                    return [_Place(child, anchor, picked) for child in at.children.values()]
                child = at.child(step.test)
                return [] if child is None else [_Place(child, anchor, picked)]
            case "descendant" | "descendant-or-self":
                below = [each for child in at.children.values() for each in child.walk()]
                if step.axis == "descendant-or-self" and at.index >= 0:
                    below.insert(0, at)
                local = step.test.rpartition(":")[2]
                every = step.test in ("*", "node()")
                if step.axis == "descendant-or-self" and at.index < 0:
                    # `//x` from the document: its children are found by the next step from here too.
                    below.insert(0, at)
                return [_Place(each, anchor, picked) for each in below if every or each.local == local]
            case "following-sibling" | "preceding-sibling" | "following" | "preceding":
                if at.parent is None:
                    return []
                above = at.parent
                anchor = above if above.depth < anchor.depth else anchor
                return [_Place(child, anchor, True) for child in above.children.values()]
        return []

    def _filtered(
        self, places: tuple[_Place, ...], predicates: tuple[grammar.Expression, ...]
    ) -> tuple[_Place, ...]:
        if not predicates:
            return places
        for predicate in predicates:
            self.visit(predicate, tuple(_Place(p.definition, p.anchor, True) for p in places))
        return tuple(_Place(p.definition, p.anchor, True) for p in places)


def references(
    tree: grammar.Expression, own: Definition, root: Definition, primary: str | None
) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    """What ``tree``, an expression about ``own``, reads; and the names on its paths that do not exist.

    ``primary`` is the id by which ``instance()`` would give the primary instance.
    """
    finder = _Finder(root, own, primary)
    finder.visit(tree, (_Place(own, own, False),))
    return tuple(finder.found.values()), tuple(finder.missing)


def calls(tree: grammar.Expression, names: frozenset[str]) -> bool:
    """Whether ``tree`` calls any of the functions."""
    match tree:
        case grammar.Negation(operand):
            return calls(operand, names)
        case grammar.Chain(first, rest):
            return calls(first, names) or any(calls(each, names) for _, each in rest)
        case grammar.Call(name, arguments):
            return name in names or any(calls(each, names) for each in arguments)
        case grammar.Filter(operand, predicates):
            return calls(operand, names) or any(calls(each, names) for each in predicates)
        case grammar.Path(_, start, steps):
            return (start is not None and calls(start, names)) or any(
                calls(each, names) for step in steps for each in step.predicates
            )
        case _:
            return False
