"""The demonstration's forms in the kiosk's own engine: what is asked of whom, and what is not taken."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from kiosk.catalogue import Pack
from kiosk.forms import (
    AddRepeat,
    Answer,
    Opening,
    Outcome,
    Ref,
    Session,
    ViolationKind,
    fill_randomly,
    parse_form,
)
from kiosk.ids import FormId

MEMBERS = Ref("/data/household/member")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ABOUT = {
    "about/applicant_name": "Анна Петрова",
    "about/birth_date": "1944-03-08",
    "about/id_kind": "none",
    "about/address": "Липовск, Садовая, 12",
    "about/contact_way": "letter",
    "household/lives_with": "no",
    "declaration/answers_true": "OK",
    "declaration/sign_way": "spoken",
    "declaration/witness_name": "Мария",
}
HEATING = ABOUT | {
    "home/home_kind": "flat",
    "home/tenure": "own",
    "home/rooms_heated": "2",
    "heating/heating_kind": "gas",
    "heating/bills_behind": "no",
    "heating/heating_cut": "no",
    "heating/needs_warmth": "old",
    "heating/had_before": "dont_know",
    "income/income_sources": "pension",
    "payment/pay_to": "post",
}
PENSION = ABOUT | {
    "pension/pension_kind": "old_age",
    "working_life/years_worked": "41",
    "working_life/worked_abroad": "no",
    "working_life/children_raised": "3",
    "working_life/cared_for": "no",
    "household/family_state": "widowed",
    "income/income_sources": "none",
    "income/savings": "unsaid",
    "income/disability": "no",
    "payment/pay_to": "pension",
}
HOME_HELP = ABOUT | {
    "help/tasks": "shopping cleaning",
    "help/days_a_week": "2",
    "help/daypart": "morning",
    "help/helped_now": "no",
    "health/moving": "stick",
    "health/hard_for_you": "hearing",
    "health/hospital": "no",
    "home/floor": "1",
    "home/animals": "no",
    "home/tongue": "ru",
    "home/helper": "any",
    "declaration/may_come_in": "OK",
}


@dataclass
class Visit:
    """Somebody who answers a form of the pack, by the short path of a question."""

    pack: Pack
    form: str
    answers: dict[str, str]
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        form = parse_form(self.pack.forms[FormId(self.form)].source)
        self.session = Session(form, Opening(at=NOW, seed=7, device="kiosk", username="", language=None))
        for path, value in self.answers.items():
            assert self.answer(path, value).accepted, (path, value)

    def answer(self, path: str, value: str) -> Outcome:
        return self.session.apply(Answer(NOW, self.ref(path), value))

    def ref(self, path: str) -> Ref:
        return Ref(f"/data/{path}")

    def asked(self, path: str) -> bool:
        return self.ref(path) in self.session.screens()


@pytest.mark.parametrize(
    ("form", "answers"),
    [("heating-allowance", HEATING), ("pension-supplement", PENSION), ("home-help", HOME_HELP)],
)
def test_a_person_who_knows_only_what_is_required_can_apply(
    form: str, answers: dict[str, str], pack: Pack
) -> None:
    visit = Visit(pack, form, answers)
    assert visit.session.violations() == ()
    assert "Анна Петрова".encode() in visit.session.submission()


@pytest.mark.parametrize("form", ["heating-allowance", "pension-supplement", "home-help"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_valid_answers_reach_the_end(form: str, seed: int, pack: Pack) -> None:
    session = fill_randomly(parse_form(pack.forms[FormId(form)].source), seed)
    assert session.violations() == ()


def test_each_language_of_the_kiosk_is_found_in_the_form(pack: Pack) -> None:
    for file in pack.forms.values():
        form = parse_form(file.source)
        assert [form.language_for(tag) for tag in pack.languages] == [
            "English (en)",
            "Русский (ru)",
            "한국어 (ko)",
        ]
        assert form.warnings == ()


def test_a_personal_number_is_asked_only_for_the_kind_at_hand_and_checked(pack: Pack) -> None:
    visit = Visit(pack, "heating-allowance", HEATING | {"about/id_kind": "ru_inn"})
    assert visit.asked("about/id_inn")
    assert not visit.asked("about/id_rrn")
    assert visit.session.violations() == ()
    wrong = visit.answer("about/id_inn", "123456789046").violation
    assert wrong is not None
    assert wrong.kind is ViolationKind.NUMBER
    assert visit.answer("about/id_inn", "123456789047").accepted
    assert visit.answer("about/id_inn", "").accepted


def test_a_telephone_number_is_required_only_of_who_wants_to_be_rung(pack: Pack) -> None:
    visit = Visit(pack, "home-help", HOME_HELP | {"about/contact_way": "phone"})
    (missing,) = visit.session.violations()
    assert missing.kind is ViolationKind.REQUIRED
    assert missing.message
    assert visit.answer("about/phone", "555-0120").accepted
    assert visit.session.violations() == ()


def test_the_home_s_income_adds_up_where_some_of_it_is_not_known(pack: Pack) -> None:
    visit = Visit(pack, "heating-allowance", HEATING | {"income/pension_amount": "500"})
    total = visit.ref("income/income_total")
    assert visit.session.value(total) == "500"
    visit.answer("household/lives_with", "yes")
    while visit.session.repeat(MEMBERS).count < 2:
        visit.session.apply(AddRepeat(NOW, MEMBERS))
    visit.answer("household/member[1]/member_name", "Иван")
    visit.answer("household/member[1]/member_income", "300")
    assert visit.session.value(total) == "800"
    assert visit.session.value(visit.ref("income/household_size")) == "3"
    visit.answer("household/lives_with", "no")
    assert visit.session.value(total) == "500"
    assert visit.session.value(visit.ref("income/household_size")) == "1"


def test_a_home_that_says_nothing_of_its_money_is_not_told_that_it_has_none(pack: Pack) -> None:
    visit = Visit(pack, "heating-allowance", HEATING)
    assert not visit.asked("income/income_note")
    visit.answer("income/pension_amount", "500")
    assert visit.asked("income/income_note")
    assert "500" in visit.session.question(visit.ref("income/income_note")).label


def test_members_are_spoken_of_by_name(pack: Pack) -> None:
    visit = Visit(pack, "home-help", HOME_HELP | {"household/lives_with": "yes"})
    if visit.session.repeat(MEMBERS).count == 0:
        visit.session.apply(AddRepeat(NOW, MEMBERS))
    visit.answer("household/member[1]/member_name", "Ivan")
    question = visit.session.question(visit.ref("household/member[1]/member_relation"))
    assert question.label == "Who is Ivan to you?"


def test_no_income_goes_with_no_other_income(pack: Pack) -> None:
    visit = Visit(pack, "heating-allowance", HEATING)
    both = visit.answer("income/income_sources", "pension none").violation
    assert both is not None
    assert both.kind is ViolationKind.CONSTRAINT
    assert "No income" in (both.message or "")


def test_nobody_has_worked_longer_than_they_have_lived(pack: Pack) -> None:
    visit = Visit(pack, "pension-supplement", PENSION)
    assert not visit.answer("working_life/years_worked", "83").accepted
    assert visit.answer("working_life/years_worked", "60").accepted


def test_a_lift_is_asked_for_above_the_ground_floor(pack: Pack) -> None:
    visit = Visit(pack, "home-help", HOME_HELP)
    assert not visit.asked("home/lift")
    visit.answer("home/floor", "4")
    assert visit.asked("home/lift")


def test_nobody_left_hospital_tomorrow_or_before_they_were_born(pack: Pack) -> None:
    visit = Visit(pack, "home-help", HOME_HELP | {"health/hospital": "yes"})
    assert not visit.answer("health/hospital_left", "2026-11-21").accepted
    assert not visit.answer("health/hospital_left", "1944-03-07").accepted
    assert visit.answer("health/hospital_left", "2026-11-20").accepted


def test_who_cannot_draw_consents_aloud_before_a_witness(pack: Pack) -> None:
    visit = Visit(pack, "pension-supplement", PENSION)
    assert not visit.asked("declaration/signature")
    visit.answer("declaration/sign_way", "mark")
    assert visit.asked("declaration/signature")
    assert visit.asked("declaration/witness_name")
    visit.answer("declaration/sign_way", "finger")
    assert not visit.asked("declaration/witness_name")
    assert visit.session.question(visit.ref("declaration/signature")).is_last_signature
