import pytest

from kiosk.forms import AddRepeat, Ref, RemoveRepeat, Session
from tests.forms.writing import HOUSEHOLD, NOW, add, answer, form, inputs, opened

MEMBERS = Ref("/data/member")


def _family(*people: tuple[str, str]) -> Session:
    session = opened(HOUSEHOLD)
    for at, (name, age) in enumerate(people, 1):
        add(session, MEMBERS)
        answer(session, f"/data/member[{at}]/name", name)
        answer(session, f"/data/member[{at}]/age", age)
    return session


def test_a_repeat_is_one_stop_and_its_members_are_walked_one_by_one() -> None:
    session = _family(("Anna", "81"), ("Boris", "12"))
    assert session.screens() == (MEMBERS,)
    repeat = session.repeat(MEMBERS)
    assert (repeat.label, repeat.count, repeat.can_add, repeat.can_remove) == (
        "Your household",
        2,
        True,
        True,
    )
    assert repeat.labels == ("Anna", "Boris")
    assert session.children(Ref("/data/member[2]")) == ("/data/member[2]/name", "/data/member[2]/age")
    assert session.next(Ref("/data/member[2]/name")) == "/data/member[2]/age"
    assert session.next(Ref("/data/member[2]/age")) == MEMBERS
    assert session.next(MEMBERS) is None


def test_members_add_up_and_each_has_its_own_calculations() -> None:
    session = _family(("Anna", "81"), ("Boris", "12"))
    assert session.value(Ref("/data/count")) == "2"
    assert session.value(Ref("/data/total")) == "93"
    assert session.value(Ref("/data/member[1]/adult")) == "yes"
    assert session.value(Ref("/data/member[2]/adult")) == "no"


def test_one_members_answer_does_not_touch_another_member() -> None:
    session = _family(("Anna", "81"), ("Boris", "12"))
    changed = answer(session, "/data/member[2]/age", "20").changed
    assert set(changed) == {"/data/member[2]/age", "/data/member[2]/adult", "/data/total"}


def test_members_behind_a_removed_one_move_up() -> None:
    session = _family(("Anna", "81"), ("Boris", "12"), ("Clara", "7"))
    session.apply(RemoveRepeat(NOW, Ref("/data/member[2]")))
    assert session.value(Ref("/data/member[2]/name")) == "Clara"
    assert session.value(Ref("/data/count")) == "2"
    assert session.value(Ref("/data/total")) == "88"
    assert b"Boris" not in session.submission()


def test_a_blank_members_name_is_a_violation_in_its_place() -> None:
    session = _family(("Anna", "81"), ("", "12"))
    assert [violation.ref for violation in session.violations()] == ["/data/member[2]/name"]


def test_an_output_reads_its_own_member() -> None:
    session = _family(("Anna", "81"), ("Boris", "12"))
    assert session.question(Ref("/data/member[2]/age")).label == "How old is Boris?"


def test_a_count_makes_and_takes_away_members() -> None:
    session = opened(
        form(
            '<many/><child jr:template=""><name>new</name></child>',
            '<bind nodeset="/data/many" type="int"/>',
            inputs("many") + '<repeat nodeset="/data/child" jr:count="/data/many">'
            '<input ref="/data/child/name"><label>Name</label></input></repeat>',
        )
    )
    children = Ref("/data/child")
    assert session.repeat(children).count == 0
    answer(session, "/data/many", "3")
    assert session.repeat(children).count == 3
    assert not session.repeat(children).can_add
    assert not session.apply(AddRepeat(NOW, children)).accepted
    assert session.value(Ref("/data/child[3]/name")) == "new"
    answer(session, "/data/many", "1")
    assert session.repeat(children).instances == ("/data/child[1]",)
    answer(session, "/data/many", "1000000")
    assert session.repeat(children).count == 1000


def test_a_fixed_repeat_lets_nobody_add_or_remove() -> None:
    session = opened(
        form(
            "<day><n>1</n></day><day><n>2</n></day>",
            body='<repeat nodeset="/data/day" jr:noAddRemove="true()"><input ref="/data/day/n"/></repeat>',
        )
    )
    repeat = session.repeat(Ref("/data/day"))
    assert (repeat.count, repeat.can_add, repeat.can_remove) == (2, False, False)
    assert not session.apply(RemoveRepeat(NOW, Ref("/data/day[1]"))).accepted


def test_repeats_within_repeats_keep_to_their_own_branch() -> None:
    session = opened(
        form(
            '<house jr:template=""><room jr:template=""><area/></room><size/></house><all/>',
            '<bind nodeset="/data/house/size" calculate="sum(../room/area)"/>'
            '<bind nodeset="/data/all" calculate="count(/data/house/room)"/>',
            '<repeat nodeset="/data/house"><repeat nodeset="/data/house/room">'
            '<input ref="/data/house/room/area"/></repeat></repeat>',
        )
    )
    for _ in range(2):
        add(session, "/data/house")
    for house, areas in ((1, ("10", "20")), (2, ("5",))):
        for at, area in enumerate(areas, 1):
            add(session, f"/data/house[{house}]/room")
            answer(session, f"/data/house[{house}]/room[{at}]/area", area)
    assert session.value(Ref("/data/house[1]/size")) == "30"
    assert session.value(Ref("/data/house[2]/size")) == "5"
    assert session.value(Ref("/data/all")) == "3"
    assert session.children(Ref("/data/house[1]")) == ("/data/house[1]/room",)
    assert session.next(Ref("/data/house[1]/room[2]/area")) == "/data/house[1]/room"


def test_a_running_total_may_read_the_member_before() -> None:
    session = opened(
        form(
            '<line jr:template=""><n/><sum/></line>',
            '<bind nodeset="/data/line/sum" calculate="../n + '
            'coalesce(indexed-repeat(/data/line/sum, /data/line, position(..) - 1), 0)"/>',
            '<repeat nodeset="/data/line"><input ref="/data/line/n"/></repeat>',
        )
    )
    for at, number in enumerate(("1", "2", "3"), 1):
        add(session, "/data/line")
        answer(session, f"/data/line[{at}]/n", number)
    assert session.value(Ref("/data/line[3]/sum")) == "6"
    answer(session, "/data/line[1]/n", "10")
    assert session.value(Ref("/data/line[3]/sum")) == "15"


def test_positions_follow_when_a_member_goes() -> None:
    session = opened(
        form(
            '<line jr:template=""><at/></line>',
            '<bind nodeset="/data/line/at" calculate="position(..)"/>',
            '<repeat nodeset="/data/line"><input ref="/data/line/at"/></repeat>',
        )
    )
    for _ in range(3):
        add(session, "/data/line")
    session.apply(RemoveRepeat(NOW, Ref("/data/line[1]")))
    assert [session.value(Ref(f"/data/line[{at}]/at")) for at in (1, 2)] == ["1", "2"]


@pytest.mark.parametrize("ref", ["/data/member[9]", "/data/nowhere", "/other/member"])
def test_a_ref_that_is_not_there_is_a_key_error(ref: str) -> None:
    with pytest.raises(KeyError):
        opened(HOUSEHOLD).question(Ref(ref + "/name"))


def test_members_stay_while_the_number_of_members_is_being_corrected() -> None:
    session = opened(
        form(
            '<n>2</n><member jr:template=""><name/></member>',
            '<bind nodeset="/data/n" type="int"/>',
            inputs("n") + '<repeat nodeset="/data/member" jr:count="/data/n"><input ref="/data/member/name"/>'
            "</repeat>",
        )
    )
    answer(session, "/data/member[2]/name", "Anna")
    answer(session, "/data/n", "")
    answer(session, "/data/n", "3")
    assert session.value(Ref("/data/member[2]/name")) == "Anna"
    assert session.repeat(Ref("/data/member")).count == 3


def test_without_a_template_a_new_member_starts_blank() -> None:
    session = opened(
        form(
            "<member><name>first</name></member>",
            "",
            '<repeat nodeset="/data/member"><input ref="/data/member/name"/></repeat>',
        )
    )
    add(session, "/data/member")
    assert [session.value(Ref(f"/data/member[{at}]/name")) for at in (1, 2)] == ["first", ""]
