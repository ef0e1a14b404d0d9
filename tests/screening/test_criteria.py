"""Three answers: what is not known makes a rule neither true nor false, unless it cannot matter."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kiosk.localized import Localized
from kiosk.screening import (
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
    limits_on,
    screen,
)


def _because(words: str) -> Localized:
    return Localized.of({"en": words})


def _compare(fact: Fact, relation: Relation, value: int | bool | Share) -> Compare:
    return Compare(fact, relation, value, "rules", _because(f"{fact} {relation}"))


OLD = _compare(Fact.AGE, Relation.AT_LEAST, 60)
DISABLED = _compare(Fact.DISABILITY, Relation.IS, True)
POOR = _compare(Fact.INCOME_PER_PERSON, Relation.AT_MOST, Share("living_minimum", 150))
LIMITS = {"living_minimum": 801}


def test_a_missing_answer_is_unknown_and_not_no() -> None:
    assert screen(OLD, {}) == NeedToKnow((Fact.AGE,))


def test_one_false_part_decides_whatever_else_is_unknown() -> None:
    assert screen(All((OLD, POOR)), {Fact.AGE: 40}, LIMITS) == No((OLD.because,))


def test_one_true_branch_decides_whatever_else_is_unknown() -> None:
    assert screen(AnyOf((OLD, DISABLED)), {Fact.AGE: 71}) == Likely()


def test_only_what_can_still_turn_the_answer_is_asked_and_once() -> None:
    rule = All((AnyOf((OLD, DISABLED)), POOR, OLD))
    assert screen(rule, {Fact.DISABILITY: True}, LIMITS) == NeedToKnow((Fact.INCOME_PER_PERSON, Fact.AGE))


def test_every_failed_branch_gives_its_reason() -> None:
    rule = AnyOf((OLD, DISABLED))
    assert screen(rule, {Fact.AGE: 40, Fact.DISABILITY: False}) == No((OLD.because, DISABLED.because))


def test_an_excluded_case_says_why() -> None:
    rule = Not(DISABLED, _because("There is another allowance for you."))
    assert screen(rule, {Fact.DISABILITY: True}) == No((rule.because,))
    assert screen(rule, {Fact.DISABILITY: False}) == Likely()
    assert screen(rule, {}) == NeedToKnow((Fact.DISABILITY,))


def test_a_share_of_a_parameter_is_not_rounded() -> None:
    assert screen(POOR, {Fact.INCOME_PER_PERSON: 1201}, LIMITS) == Likely()
    assert screen(POOR, {Fact.INCOME_PER_PERSON: 1202}, LIMITS) == No((POOR.because,))


def test_a_decreed_amount_holds_from_its_day_until_the_next() -> None:
    decreed = (
        Parameter("living_minimum", date(2026, 1, 1), 840),
        Parameter("living_minimum", date(2025, 1, 1), 800),
    )
    assert limits_on(decreed, date(2025, 12, 31)) == {"living_minimum": 800}
    assert limits_on(decreed, date(2026, 1, 1)) == {"living_minimum": 840}
    assert limits_on(decreed, date(2024, 12, 31)) == {}


_LEAVES = st.one_of(
    st.builds(
        _compare,
        st.sampled_from([Fact.AGE, Fact.CHILDREN, Fact.PENSION]),
        st.sampled_from(Relation),
        st.integers(0, 3),
    ),
    st.builds(
        _compare, st.sampled_from([Fact.DISABILITY, Fact.LOST_WORK]), st.just(Relation.IS), st.booleans()
    ),
)
_RULES: st.SearchStrategy[Criterion] = st.recursive(
    _LEAVES,
    lambda rules: st.one_of(
        st.lists(rules, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(rules, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        rules.map(lambda part: Not(part, _because("not"))),
    ),
    max_leaves=8,
)
_WHOLE: st.SearchStrategy[dict[Fact, int | bool]] = st.fixed_dictionaries(
    {
        Fact.AGE: st.integers(0, 3),
        Fact.CHILDREN: st.integers(0, 3),
        Fact.PENSION: st.integers(0, 3),
        Fact.DISABILITY: st.booleans(),
        Fact.LOST_WORK: st.booleans(),
    }
)


@given(rule=_RULES, whole=_WHOLE, known=st.sets(st.sampled_from(Fact)))
def test_more_answers_never_overturn_a_decided_one(
    rule: Criterion, whole: dict[Fact, int | bool], known: set[Fact]
) -> None:
    partly = {fact: value for fact, value in whole.items() if fact in known}
    early, late = screen(rule, partly), screen(rule, whole)
    assert not isinstance(late, NeedToKnow)
    if not isinstance(early, NeedToKnow):
        assert type(early) is type(late)
    else:
        assert early.facts
        assert not set(early.facts) & partly.keys()


@given(rule=_RULES, whole=_WHOLE)
def test_a_no_always_has_a_reason(rule: Criterion, whole: dict[Fact, int | bool]) -> None:
    verdict = screen(rule, whole)
    if isinstance(verdict, No):
        assert verdict.because
