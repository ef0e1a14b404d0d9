"""What a household may be entitled to: a tree of criteria with three answers.

Kleene's strong three-valued logic: a comparison with something not yet known is unknown, "all" is false as
soon as one part is false, "any" is true as soon as one part is true, and only what could still turn the
answer is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from kiosk.localized import Localized


class Fact(StrEnum):
    """All that a rule may ask about a household. Amounts are whole units of money a month."""

    AGE = "age"
    HOUSEHOLD_SIZE = "household_size"
    CHILDREN = "children"
    INCOME_PER_PERSON = "income_per_person"
    PENSION = "pension"
    YEARS_WORKED = "years_worked"
    LIVES_ALONE = "lives_alone"
    PAYS_FOR_HEATING = "pays_for_heating"
    PAYS_RENT = "pays_rent"
    GETS_PENSION = "gets_pension"
    DISABILITY = "disability"
    NEEDS_DAILY_HELP = "needs_daily_help"
    CARES_FOR_SOMEONE = "cares_for_someone"
    EXPECTS_CHILD = "expects_child"
    RAISES_GRANDCHILD = "raises_grandchild"
    IN_EDUCATION = "in_education"
    LOST_WORK = "lost_work"
    LOST_SPOUSE = "lost_spouse"
    PAYS_FOR_FUNERAL = "pays_for_funeral"


COUNTED = frozenset(
    {
        Fact.AGE,
        Fact.HOUSEHOLD_SIZE,
        Fact.CHILDREN,
        Fact.INCOME_PER_PERSON,
        Fact.PENSION,
        Fact.YEARS_WORKED,
    }
)
"""Facts that are numbers; all others are yes or no."""

Household = Mapping[Fact, int | bool]
"""What is known. A fact that is not in it is not known."""


class Relation(StrEnum):
    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of a parameter that changes by decree, e.g. 150 % of the living minimum."""

    parameter: str
    percent: int = 100


@dataclass(frozen=True, slots=True)
class Parameter:
    """A decreed amount from a day on, until a later entry of the same name."""

    name: str
    valid_from: date
    value: int


@dataclass(frozen=True, slots=True)
class Compare:
    """One condition. ``source`` quotes the rule; ``because`` tells a person why the answer is no."""

    fact: Fact
    relation: Relation
    value: int | bool | Share
    source: str
    because: Localized


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``because`` is said when the part holds, so that the answer is no."""

    part: "Criterion"
    because: Localized


Criterion = Compare | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Likely:
    """As far as the kiosk can tell; the agency decides."""


@dataclass(frozen=True, slots=True)
class NeedToKnow:
    """``facts`` in the order of the rule, each once: any of them could still turn the answer."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class No:
    because: tuple[Localized, ...]


Verdict = Likely | NeedToKnow | No


def screen(criterion: Criterion, household: Household, limits: Mapping[str, int] | None = None) -> Verdict:
    """What the rule says of this household. ``limits`` as from :func:`limits_on`.

    Raises KeyError for a parameter that has no value: a pack is checked for that when it is loaded.
    """
    amounts = limits or {}
    truth = _truth(criterion, household, amounts)
    if truth is True:
        return Likely()
    if truth is False:
        return No(tuple(dict.fromkeys(_reasons(criterion, household, amounts))))
    return NeedToKnow(tuple(dict.fromkeys(_open_facts(criterion, household, amounts))))


def limits_on(parameters: Iterable[Parameter], day: date) -> dict[str, int]:
    """The value of each parameter on that day; none for one that begins later."""
    in_force = sorted((each for each in parameters if each.valid_from <= day), key=lambda one: one.valid_from)
    return {each.name: each.value for each in in_force}


def parameters_of(criterion: Criterion) -> frozenset[str]:
    """The names of the parameters that a rule needs."""
    match criterion:
        case Compare(value=Share(parameter=name)):
            return frozenset({name})
        case Compare():
            return frozenset()
        case All(parts=parts) | AnyOf(parts=parts):
            return frozenset[str]().union(*(parameters_of(part) for part in parts))
        case Not(part=part):
            return parameters_of(part)
        case _:
            assert_never(criterion)


def _truth(criterion: Criterion, household: Household, limits: Mapping[str, int]) -> bool | None:
    match criterion:
        case Compare():
            return _compare(criterion, household, limits)
        case All(parts=parts):
            truths = [_truth(part, household, limits) for part in parts]
            return False if False in truths else None if None in truths else True
        case AnyOf(parts=parts):
            truths = [_truth(part, household, limits) for part in parts]
            return True if True in truths else None if None in truths else False
        case Not(part=part):
            truth = _truth(part, household, limits)
            return None if truth is None else not truth
        case _:
            assert_never(criterion)


def _compare(criterion: Compare, household: Household, limits: Mapping[str, int]) -> bool | None:
    known = household.get(criterion.fact)
    if known is None:
        return None
    match criterion.value:
        case Share(parameter=name, percent=percent):
            # Both sides times 100, so that no percentage is rounded across a limit.
            left, right = known * 100, limits[name] * percent
        case amount:
            left, right = int(known), int(amount)
    match criterion.relation:
        case Relation.IS:
            return left == right
        case Relation.AT_LEAST:
            return left >= right
        case Relation.AT_MOST:
            return left <= right
        case _:
            assert_never(criterion.relation)


def _reasons(criterion: Criterion, household: Household, limits: Mapping[str, int]) -> Iterable[Localized]:
    match criterion:
        case Compare(because=because) | Not(because=because):
            yield because
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                if _truth(part, household, limits) is False:
                    yield from _reasons(part, household, limits)
        case _:
            assert_never(criterion)


def _open_facts(criterion: Criterion, household: Household, limits: Mapping[str, int]) -> Iterable[Fact]:
    match criterion:
        case Compare(fact=fact):
            yield fact
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                if _truth(part, household, limits) is None:
                    yield from _open_facts(part, household, limits)
        case Not(part=part):
            yield from _open_facts(part, household, limits)
        case _:
            assert_never(criterion)
