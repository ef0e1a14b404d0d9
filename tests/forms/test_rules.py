import pytest

from kiosk.errors import FormFault
from kiosk.forms import Ref, ViolationKind
from tests.forms.writing import answer, form, inputs, opened

_RULES = form(
    "<name/><age/><born/><rrn/>",
    '<bind nodeset="/data/name" required="true()" jr:requiredMsg="Please tell us your name."/>'
    '<bind nodeset="/data/age" type="int" constraint=". &gt;= 60" '
    'jr:constraintMsg="This is for people over 60."/>'
    '<bind nodeset="/data/born" type="date" constraint=". &lt;= today()"/>'
    '<bind nodeset="/data/rrn" opora:number="kr.rrn"/>',
    inputs("name", "age", "born", "rrn"),
)


def test_a_required_blank_is_a_violation_with_the_forms_own_words() -> None:
    session = opened(_RULES)
    (violation,) = session.violations()
    assert (violation.ref, violation.kind) == ("/data/name", ViolationKind.REQUIRED)
    assert violation.message == "Please tell us your name."


def test_an_answer_that_breaks_a_constraint_is_kept_and_reported() -> None:
    session = opened(_RULES)
    outcome = answer(session, "/data/age", "40")
    assert not outcome.accepted
    assert outcome.violation is not None
    assert outcome.violation.message == "This is for people over 60."
    assert session.value(Ref("/data/age")) == "40"
    assert answer(session, "/data/age", "70").accepted


def test_a_blank_breaks_no_constraint() -> None:
    session = opened(_RULES)
    answer(session, "/data/age", "40")
    assert answer(session, "/data/age", "").accepted


def test_what_is_not_of_the_type_is_shown_again_but_reaches_no_expression_and_no_submission() -> None:
    session = opened(_RULES)
    outcome = answer(session, "/data/age", "seventy")
    assert outcome.violation is not None
    assert outcome.violation.kind is ViolationKind.TYPE
    assert session.question(Ref("/data/age")).value == "seventy"
    assert session.value(Ref("/data/age")) == ""
    assert b"seventy" not in session.submission()
    assert any(each.kind is ViolationKind.TYPE for each in session.violations())
    answer(session, "/data/age", "")
    assert all(each.kind is not ViolationKind.TYPE for each in session.violations())


def test_a_date_is_compared_with_the_day_of_the_step() -> None:
    session = opened(_RULES)
    assert answer(session, "/data/born", "2026-03-02").accepted
    assert not answer(session, "/data/born", "2026-03-03").accepted


@pytest.mark.parametrize("value", ["2026-02-30", "02.03.1948", "1948"])
def test_a_day_that_is_not_in_the_calendar_is_no_date(value: str) -> None:
    assert not answer(opened(_RULES), "/data/born", value).accepted


def test_a_national_number_is_checked_when_given_and_never_required() -> None:
    session = opened(_RULES)
    outcome = answer(session, "/data/rrn", "971013-9019903")
    assert outcome.violation is not None
    assert outcome.violation.kind is ViolationKind.NUMBER
    assert answer(session, "/data/rrn", "971013-9019902").accepted
    assert answer(session, "/data/rrn", "").accepted
    assert session.question(Ref("/data/rrn")).private


def test_a_group_that_is_read_only_makes_its_questions_so() -> None:
    session = opened(form("<g><a/></g>", '<bind nodeset="/data/g" readonly="true()"/>', inputs("g/a")))
    assert session.question(Ref("/data/g/a")).readonly
    assert not answer(session, "/data/g/a", "x").accepted
    assert session.value(Ref("/data/g/a")) == ""


def test_a_rule_that_fails_while_a_person_answers_is_passed_over_and_noted() -> None:
    session = opened(
        form("<a/><b/>", '<bind nodeset="/data/b" calculate="regex(\'x\', /data/a)"/>', inputs("a"))
    )
    answer(session, "/data/a", "[")
    assert session.value(Ref("/data/b")) == ""
    assert len(session.faults) == 1
    assert answer(session, "/data/a", "x").accepted
    assert session.value(Ref("/data/b")) == "true"


def test_a_rule_that_fails_at_the_very_start_refuses_the_form() -> None:
    some = form("<b/>", "<bind nodeset=\"/data/b\" calculate=\"digest('x', 'rot13')\"/>")
    with pytest.raises(FormFault):
        opened(some)
