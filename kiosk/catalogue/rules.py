"""Reads a service's criteria and proves them on the households that are stored with them."""

from collections.abc import Iterable

from kiosk.catalogue.reading import MisfitError, Record
from kiosk.errors import Message
from kiosk.screening.criteria import (
    COUNTED,
    All,
    AnyOf,
    Compare,
    Criterion,
    Fact,
    Likely,
    NeedToKnow,
    No,
    Not,
    Parameter,
    Relation,
    Share,
    Verdict,
    limits_on,
    parameters_of,
    screen,
)


def read_criterion(record: Record) -> Criterion:
    """A comparison, or one of ``all``, ``any`` (lists) and ``not`` (a table)."""
    if "all" in record:
        return All(_branches(record, "all"))
    if "any" in record:
        return AnyOf(_branches(record, "any"))
    if "not" in record:
        return Not(read_criterion(record.part("not")), record.localized("because"))
    fact = record.one_of("fact", Fact)
    found = [relation for relation in Relation if relation.value in record]
    if len(found) != 1:
        raise record.misfit("fact")
    return Compare(
        fact=fact,
        relation=found[0],
        value=_value(record, fact, found[0]),
        source=record.text("source"),
        because=record.localized("because"),
    )


def _branches(record: Record, name: str) -> tuple[Criterion, ...]:
    branches = tuple(read_criterion(part) for part in record.parts(name))
    if not branches:
        raise record.misfit(name)
    return branches


def _value(record: Record, fact: Fact, relation: Relation) -> int | bool | Share:
    value = record.values[relation.value]
    if isinstance(value, dict) and fact in COUNTED:
        share = record.part(relation.value)
        return Share(share.text("parameter"), share.whole("percent", 100))
    if isinstance(value, bool) and fact not in COUNTED and relation is Relation.IS:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and fact in COUNTED:
        return value
    raise record.misfit(relation.value)


def read_household(record: Record) -> dict[Fact, int | bool]:
    household: dict[Fact, int | bool] = {}
    for name, value in record.values.items():
        try:
            fact = Fact(name)
        except ValueError as error:
            raise record.misfit(name) from error
        if not isinstance(value, int) or isinstance(value, bool) is (fact in COUNTED):
            raise record.misfit(name)
        household[fact] = value
    return household


def _word(verdict: Verdict) -> str:
    match verdict:
        case Likely():
            return "likely"
        case NeedToKnow():
            return "need_to_know"
        case No():
            return "no"


def prove(
    criterion: Criterion, examples: Iterable[Record], parameters: tuple[Parameter, ...], service: str
) -> None:
    """Raises MisfitError where a stored household gets another answer than its author says."""
    seen = set[str]()
    for example in examples:
        where = example.where
        limits = limits_on(parameters, example.day("on"))
        for name in sorted(parameters_of(criterion) - limits.keys()):
            raise MisfitError(Message("In {where}, “{name}” is missing.", {"where": where, "name": name}))
        answer = _word(screen(criterion, read_household(example.part("household")), limits))
        if answer != example.text("says"):
            raise MisfitError(
                Message(
                    "In {where}, the rule answers “{answer}” where “{expected}” is expected.",
                    {"where": where, "answer": answer, "expected": example.text("says")},
                )
            )
        seen.add(answer)
    if not {"likely", "no"} <= seen:
        raise MisfitError(
            Message(
                "In {where}, the rule needs an example that says “likely” and one that says “no”.",
                {"where": service},
            )
        )
