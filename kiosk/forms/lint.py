"""What whoever made a form should know before a kiosk asks it: faults, traps, and where engines differ."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from babel.numbers import is_currency

from kiosk.errors import FormFault, Message
from kiosk.forms.definition import Control, Definition, Text, Translated
from kiosk.forms.form import Form
from kiosk.forms.kinds import kind_of
from kiosk.forms.number import is_known
from kiosk.forms.questions import QuestionKind
from kiosk.forms.references import calls, references
from kiosk.forms.xform_parser import NO_ATTACHMENTS, parse_form
from kiosk.forms.xpath import Compiled, grammar
from kiosk.forms.xpath.dates import is_date


class Level(StrEnum):
    ERROR = "error"
    """The kiosk cannot ask this form."""
    WARNING = "warning"
    """It can, but perhaps not as its author means."""
    NOTE = "note"
    """Another ODK client may read it otherwise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``where``: the path of the question, or blank for the whole form. ``column``: what XLSForm calls what
    it is about, blank where that is no one column. ``str()`` gives it in English."""

    level: Level
    where: str
    sentence: Message
    column: str = ""

    def __str__(self) -> str:
        words = self.sentence.msgid.format(**self.sentence.gaps)
        return f"{self.level}: {self.where}: {words}" if self.where else f"{self.level}: {words}"


REFUSED = frozenset(
    {
        QuestionKind.GEOPOINT,
        QuestionKind.GEOTRACE,
        QuestionKind.GEOSHAPE,
        QuestionKind.AUDIO,
        QuestionKind.VIDEO,
        QuestionKind.IMAGE,
        QuestionKind.FILE,
    }
)
"""Kinds that a kiosk does not ask: optional ones are left blank, a required one is an error."""

_UNKNOWN_TO_JAVAROSA = frozenset(
    {"last", "floor", "ceiling", "substring", "name", "local-name", "id", "lang"}
)


def check_form(source: bytes, attachments: Mapping[str, bytes] = NO_ATTACHMENTS) -> tuple[Finding, ...]:
    """Every finding, errors first; empty for a form with nothing to say about."""
    try:
        form = parse_form(source, attachments)
    except FormFault as fault:
        where = fault.title.gaps.get("where", "")
        found = [Finding(Level.ERROR, str(where), fault.title)]
        if fault.detail:
            found.append(
                Finding(Level.NOTE, str(where), Message("The reader says: {words}", {"words": fault.detail}))
            )
        return tuple(found)
    order = list(Level)
    findings = {str(finding): finding for finding in _Lint(form).findings()}
    return tuple(sorted(findings.values(), key=lambda finding: order.index(finding.level)))


class _Lint:
    def __init__(self, form: Form) -> None:
        self._form = form

    def findings(self) -> Iterator[Finding]:
        form = self._form
        if not form.id:
            yield Finding(Level.ERROR, "", Message("The form has no id."))
        for warning in form.warnings:
            yield Finding(Level.WARNING, "", Message("The reader says: {words}", {"words": warning}))
        for control in _controls(form.body):
            yield from self._control(control)
        for definition in form.definitions:
            yield from self._bind(definition)
        yield from self._translations()

    def _control(self, control: Control) -> Iterator[Finding]:
        definition = control.definition
        if definition is None:
            return
        where = definition.path
        bind = definition.bind
        kind = kind_of(control, definition, readonly=False)
        if kind in REFUSED:
            if bind.required is not None:
                sentence = Message("A kiosk cannot ask for this kind of answer, and the form requires it.")
                yield Finding(Level.ERROR, where, sentence, "type")
            else:
                sentence = Message("A kiosk cannot ask for this kind of answer: it will be left blank.")
                yield Finding(Level.WARNING, where, sentence, "type")
        if control.element not in ("group", "repeat") and (control.label is None or not control.label.pieces):
            sentence = Message("This question has no words to show or to say.")
            yield Finding(Level.WARNING, where, sentence, "label")
        if control.has_choices and control.itemset is None:
            values = [item.value for item in control.items]
            if not values:
                yield Finding(Level.ERROR, where, Message("This question has nothing to choose from."))
            for value in sorted({value for value in values if values.count(value) > 1}):
                sentence = Message("The choice “{value}” is there more than once.", {"value": value})
                yield Finding(Level.WARNING, where, sentence)
            if control.element != "select1" and any(" " in value for value in values):
                sentence = Message("A choice's value has a blank in it, which splits it in two.")
                yield Finding(Level.ERROR, where, sentence)
        if control.itemset is not None:
            yield from self._expression(control.itemset.nodeset, definition, "choice_filter")
        if control.count is not None:
            yield from self._expression(control.count, definition, "repeat_count")

    def _bind(self, definition: Definition) -> Iterator[Finding]:
        bind = definition.bind
        where = definition.path
        if bind.number_kind is not None and not is_known(bind.number_kind):
            sentence = Message("There is no check for the number “{kind}”.", {"kind": bind.number_kind})
            yield Finding(Level.ERROR, where, sentence)
        if bind.currency and not is_currency(bind.currency):
            sentence = Message("There is no money with the code “{code}”.", {"code": bind.currency})
            yield Finding(Level.ERROR, where, sentence)
        if bind.number_kind is not None and bind.required is not None:
            sentence = Message("A national number is required: a person may not have it with them.")
            yield Finding(Level.WARNING, where, sentence)
        if bind.type in ("date", "dateTime") and bind.calculate is not None and _is_sum(bind.calculate.tree):
            sentence = Message(
                "What is worked out here is a number of days, not a date: the answer stays blank. "
                "Write date(…) around it."
            )
            yield Finding(Level.WARNING, where, sentence, "calculation")
        for column, expression in (
            ("calculation", bind.calculate),
            ("relevant", bind.relevant),
            ("required", bind.required),
            ("read_only", bind.readonly),
            ("constraint", bind.constraint),
        ):
            if expression is not None:
                yield from self._expression(expression, definition, column)

    def _expression(self, expression: Compiled, definition: Definition, column: str) -> Iterator[Finding]:
        where, tree = definition.path, expression.tree
        for sentence in dict.fromkeys(_differences(tree)):
            yield Finding(Level.NOTE, where, Message(sentence), column)
        missing = sorted({name for name in _called(tree) if name in _UNKNOWN_TO_JAVAROSA})
        if missing:
            sentence_ = Message("ODK Collect has no function {names}.", {"names": ", ".join(missing)})
            yield Finding(Level.NOTE, where, sentence_, column)
        repeat = _repeat_around(definition)
        if repeat is None or calls(tree, frozenset({"indexed-repeat", "count", "sum", "join", "max", "min"})):
            return
        found, _ = references(tree, definition, self._form.root, self._form.primary)
        for reference in found:
            absolute = (
                reference.anchor.depth < repeat.depth and not reference.picked and not reference.counted
            )
            if absolute and reference.definition.is_within(repeat):
                sentence_ = Message(
                    "A path from the form's root leads into the same repeat: it reads the first member, "
                    "not this one. Write it relative to the question."
                )
                yield Finding(Level.WARNING, where, sentence_, column)

    def _translations(self) -> Iterator[Finding]:
        form = self._form
        used = {key for control in _controls(form.body) for key in _keys(control)}
        for language in form.languages:
            absent = sorted(used - form.itext.keys(language))
            if absent:
                gaps: dict[str, str | int] = {"language": language, "first": absent[0]}
                sentence = Message(
                    "Not every text is there in {language}: {first} is missing, for one.", gaps
                )
                yield Finding(Level.WARNING, "", sentence)


def _controls(body: "tuple[Control, ...] | list[Control]") -> Iterator[Control]:
    for control in body:
        yield control
        yield from _controls(control.children)


def _keys(control: Control) -> Iterator[str]:
    texts: list[Text | None] = [control.label, control.hint, *(item.label for item in control.items)]
    if control.definition is not None:
        texts += [control.definition.bind.constraint_message, control.definition.bind.required_message]
    for text in texts:
        for piece in text.pieces if text is not None else ():
            if isinstance(piece, Translated):
                yield piece.key


def _repeat_around(definition: Definition) -> Definition | None:
    at: Definition | None = definition
    while at is not None and not at.is_repeat:
        at = at.parent
    return at


def _differences(tree: grammar.Expression) -> Iterator[str]:
    """Where ODK Collect and ODK Web Forms give different answers; ours are those of Web Forms."""
    match tree:
        case grammar.Chain(first, rest):
            for operator, operand in rest:
                if operator in ("<", "<=", ">", ">=") and (_is_date_text(first) or _is_date_text(operand)):
                    yield "A date is compared as text: write it in date('…'), or ODK Collect says no to it."
        case grammar.Call("sum", _):
            yield "A blank in a sum makes the whole sum blank here; ODK Collect skips blanks."
        case grammar.Call("regex", (_, grammar.Literal(pattern))) if not _is_anchored(pattern):
            yield "This pattern matches anywhere in the answer here; ODK Collect wants it to match all of it."
        case grammar.Call("boolean", (grammar.Path(),)):
            yield "boolean() of a question is true here even where it is blank; in ODK Collect it is false."
        case grammar.Path(_, _, steps):
            if any(isinstance(predicate, grammar.Number) for step in steps for predicate in step.predicates):
                yield "A member is picked by its number in brackets, which ODK Collect does not understand."
        case _:
            pass
    for inner in _inside(tree):
        yield from _differences(inner)


def _called(tree: grammar.Expression) -> Iterator[str]:
    if isinstance(tree, grammar.Call):
        yield tree.name
    for inner in _inside(tree):
        yield from _called(inner)


def _inside(tree: grammar.Expression) -> Iterator[grammar.Expression]:
    match tree:
        case grammar.Negation(operand):
            yield operand
        case grammar.Chain(first, rest):
            yield first
            yield from (operand for _, operand in rest)
        case grammar.Call(_, arguments):
            yield from arguments
        case grammar.Filter(operand, predicates):
            yield operand
            yield from predicates
        case grammar.Path(_, start, steps):
            if start is not None:
                yield start
            for step in steps:
                yield from step.predicates
        case _:
            pass


def _is_sum(tree: grammar.Expression) -> bool:
    return isinstance(tree, grammar.Chain) and tree.rest[0][0] in ("+", "-")


def _is_date_text(tree: grammar.Expression) -> bool:
    return isinstance(tree, grammar.Literal) and is_date(tree.value)


def _is_anchored(pattern: str) -> bool:
    return re.match(r"\^", pattern) is not None and pattern.endswith("$")
