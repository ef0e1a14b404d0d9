from itertools import pairwise

from kiosk.forms import Ref
from tests.forms.writing import answer, form, inputs, opened

_PAID = form(
    "<works/><pay><amount/></pay><double/>",
    '<bind nodeset="/data/pay" relevant="/data/works = \'yes\'"/>'
    '<bind nodeset="/data/pay/amount" type="int"/>'
    "<bind nodeset=\"/data/double\" calculate=\"if(/data/pay/amount = '', 'none', /data/pay/amount * 2)\"/>",
    inputs("works", "pay/amount"),
)


def test_a_question_that_is_not_relevant_is_blank_to_expressions_and_left_out() -> None:
    session = opened(_PAID)
    answer(session, "/data/works", "yes")
    answer(session, "/data/pay/amount", "100")
    assert session.value(Ref("/data/double")) == "200"

    answer(session, "/data/works", "no")

    assert session.value(Ref("/data/double")) == "none"
    assert b"<pay>" not in session.submission()
    assert Ref("/data/pay/amount") not in session.screens()


def test_an_answer_comes_back_when_its_question_is_relevant_again() -> None:
    session = opened(_PAID)
    for works in ("yes", "no", "yes"):
        answer(session, "/data/works", works)
        if works == "yes" and not session.value(Ref("/data/pay/amount")):
            answer(session, "/data/pay/amount", "100")

    assert session.value(Ref("/data/pay/amount")) == "100"
    assert session.value(Ref("/data/double")) == "200"
    assert b"<amount>100</amount>" in session.submission()


def test_a_question_that_is_not_relevant_takes_no_answer() -> None:
    session = opened(_PAID)
    outcome = answer(session, "/data/pay/amount", "5")
    assert not outcome.accepted
    assert session.steps == ()


def test_two_questions_may_each_hide_the_other() -> None:
    session = opened(
        form(
            "<a/><b/>",
            '<bind nodeset="/data/a" relevant="/data/b = \'\'"/>'
            '<bind nodeset="/data/b" relevant="/data/a = \'\'"/>',
            inputs("a", "b"),
        )
    )
    assert session.screens() == ("/data/a", "/data/b")
    answer(session, "/data/a", "x")
    assert session.screens() == ("/data/a",)
    answer(session, "/data/a", "")
    assert session.screens() == ("/data/a", "/data/b")


def test_settling_follows_a_chain_of_calculations_to_its_end() -> None:
    names = [f"n{at}" for at in range(30)]
    # Written in the wrong order on purpose: the last depends on the one before it, and so on.
    binds = "".join(
        f'<bind nodeset="/data/{name}" calculate="/data/{before} + 1"/>'
        for before, name in reversed(list(pairwise(names)))
    )
    session = opened(form("".join(f"<{name}/>" for name in names), binds, inputs("n0")))
    outcome = answer(session, "/data/n0", "1")
    assert session.value(Ref("/data/n29")) == "30"
    assert len(outcome.changed) == 30


def test_only_what_depends_on_an_answer_changes() -> None:
    session = opened(
        form("<a/><b/><c/>", '<bind nodeset="/data/b" calculate="concat(/data/a, \'!\')"/>', inputs("a", "c"))
    )
    assert answer(session, "/data/c", "x").changed == ("/data/c",)
    assert set(answer(session, "/data/a", "x").changed) == {"/data/a", "/data/b"}
