import pytest

from kiosk.errors import FormFault
from kiosk.forms import Ref
from tests.forms.writing import add, answer, form, inputs, opened


def test_what_the_form_wants_noted_at_the_start_is_noted() -> None:
    session = opened(
        form(
            "<start/><today/><device/><user/>",
            '<bind nodeset="/data/start" jr:preload="timestamp" jr:preloadParams="start"/>'
            '<bind nodeset="/data/today" jr:preload="date" jr:preloadParams="today"/>'
            '<bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>'
            '<bind nodeset="/data/user" jr:preload="property" jr:preloadParams="username"/>',
        )
    )
    values = [session.value(Ref(f"/data/{name}")) for name in ("start", "today", "device", "user")]
    assert values == ["2026-03-02T09:30:00.000+00:00", "2026-03-02", "kiosk-7", "Maria"]


def test_a_value_is_set_when_the_form_is_first_opened() -> None:
    session = opened(
        form("<a/>", '<setvalue event="odk-instance-first-load" ref="/data/a" value="1 + 2"/>', inputs("a"))
    )
    assert session.value(Ref("/data/a")) == "3"
    answer(session, "/data/a", "9")
    assert session.value(Ref("/data/a")) == "9"


def test_a_new_member_starts_with_what_was_said_before() -> None:
    session = opened(
        form(
            '<age/><member jr:template=""><age/></member>',
            "",
            inputs("age") + '<repeat nodeset="/data/member">'
            '<setvalue event="odk-new-repeat" ref="/data/member/age" value="../../age + 2"/>'
            '<input ref="/data/member/age"/></repeat>',
        )
    )
    for at, age in enumerate(("10", "20"), 1):
        answer(session, "/data/age", age)
        add(session, "/data/member")
        assert session.value(Ref(f"/data/member[{at}]/age")) == str(int(age) + 2)


def _on_change(name: str, value: str) -> str:
    return f'<setvalue event="xforms-value-changed" ref="/data/{name}" value="{value}"/>'


def test_a_change_sets_another_value_and_what_depends_on_it() -> None:
    session = opened(
        form(
            "<a/><b/><c/>",
            '<bind nodeset="/data/c" calculate="concat(/data/b, \'!\')"/>',
            f'<input ref="/data/a">{_on_change("b", "/data/a * 2")}</input>',
        )
    )
    answer(session, "/data/a", "4")
    assert session.value(Ref("/data/c")) == "8!"


def test_actions_that_set_each_other_off_come_to_an_end() -> None:
    session = opened(
        form(
            "<a/><b/>",
            "",
            f'<input ref="/data/a">{_on_change("b", "/data/a + 1")}</input>'
            f'<input ref="/data/b">{_on_change("a", "/data/b + 1")}</input>',
        )
    )
    assert answer(session, "/data/a", "1").accepted


def test_what_happens_while_a_form_opens_is_no_change_of_a_value() -> None:
    session = opened(
        form(
            "<a/><b/>",
            '<setvalue event="odk-instance-first-load" ref="/data/a" value="7"/>',
            f'<input ref="/data/a">{_on_change("b", "/data/a")}</input>',
        )
    )
    assert session.value(Ref("/data/b")) == ""
    answer(session, "/data/a", "8")
    assert session.value(Ref("/data/b")) == "8"


def test_what_a_new_member_starts_with_is_no_change_of_a_value() -> None:
    session = opened(
        form(
            '<member jr:template=""><name/><note/></member>',
            "",
            '<repeat nodeset="/data/member">'
            '<setvalue event="odk-new-repeat" ref="/data/member/name">?</setvalue>'
            '<input ref="/data/member/name"><setvalue event="xforms-value-changed" ref="/data/member/note"'
            ' value="../name"/></input></repeat>',
        )
    )
    add(session, "/data/member")
    assert session.value(Ref("/data/member[1]/note")) == ""
    answer(session, "/data/member[1]/name", "Anna")
    assert session.value(Ref("/data/member[1]/note")) == "Anna"


def test_a_member_within_a_new_member_is_new_as_well() -> None:
    session = opened(
        form(
            "<house><name/><room><size/></room></house>",
            "",
            '<repeat nodeset="/data/house"><input ref="/data/house/name"/><repeat nodeset="/data/house/room">'
            '<setvalue event="odk-new-repeat" ref="/data/house/room/size" value="position(../..)"/>'
            '<input ref="/data/house/room/size"/></repeat></repeat>',
        )
    )
    assert session.value(Ref("/data/house[1]/room[1]/size")) == ""
    add(session, "/data/house")
    assert session.value(Ref("/data/house[2]/room[1]/size")) == "2"


def test_an_action_that_could_mean_several_members_sets_none() -> None:
    session = opened(
        form(
            "<a/><member><name/></member><member><name/></member>",
            "",
            f'<input ref="/data/a">{_on_change("member/name", "/data/a")}</input>'
            '<repeat nodeset="/data/member"><input ref="/data/member/name"/></repeat>',
        )
    )
    answer(session, "/data/a", "x")
    assert session.value(Ref("/data/member[1]/name")) == session.value(Ref("/data/member[2]/name")) == ""
    assert "several" in session.faults[0]


def test_older_names_of_events_are_understood() -> None:
    session = opened(
        form(
            '<a/><member jr:template=""><name/></member>',
            '<setvalue event="xforms-ready" ref="/data/a">x</setvalue>',
            '<repeat nodeset="/data/member"><setvalue event="jr-insert" ref="/data/member/name">y</setvalue>'
            '<input ref="/data/member/name"/></repeat>',
        )
    )
    add(session, "/data/member")
    assert (session.value(Ref("/data/a")), session.value(Ref("/data/member[1]/name"))) == ("x", "y")


@pytest.mark.parametrize("event", ["odk-new-repeat", "when-the-moon-is-full"])
def test_an_action_in_the_model_that_waits_for_what_never_happens_is_refused(event: str) -> None:
    with pytest.raises(FormFault):
        form("<a/>", f'<setvalue event="{event}" ref="/data/a" value="1"/>', inputs("a"))
