"""Whatever a person does, in whatever order: what must hold after every step."""

import json
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kiosk.forms import (
    AddRepeat,
    Answer,
    ChangeLanguage,
    Ref,
    RemoveRepeat,
    Session,
    Step,
    opening_from_json,
    step_from_json,
)
from kiosk.forms.instance import InstanceNode, ref_of
from tests.forms.writing import NOW, form, opened

FORM = form(
    '<kind/><town/><likes/><alone/><house jr:template=""><street/><rooms/><person jr:template=""><name/>'
    "<age/><school/></person><adults/></house><people/><sum/><words/>",
    '<bind nodeset="/data/alone" relevant="/data/kind != \'\'"/>'
    '<bind nodeset="/data/house" relevant="/data/kind != \'none\'"/>'
    '<bind nodeset="/data/house/rooms" type="int" relevant="../street != \'\'"/>'
    '<bind nodeset="/data/house/person/age" type="int"/>'
    '<bind nodeset="/data/house/person/school" relevant="../age &lt; 18"/>'
    '<bind nodeset="/data/house/adults" calculate="count(../person[age &gt;= 18])"/>'
    '<bind nodeset="/data/people" calculate="count(/data/house/person)"/>'
    '<bind nodeset="/data/sum" calculate="sum(/data/house/person/age[. != \'\'])"/>'
    '<bind nodeset="/data/words" calculate="concat(jr:itext(\'hello\'), /data/town, /data/people)"/>'
    '<instance id="towns"><root><item><name>a</name><kind>city</kind></item>'
    "<item><name>b</name><kind>city</kind></item><item><name>c</name><kind>none</kind></item>"
    "</root></instance>",
    '<input ref="/data/kind"/><select1 ref="/data/town"><label>t</label>'
    '<itemset nodeset="instance(\'towns\')/root/item[kind = /data/kind]"><value ref="name"/>'
    '<label ref="name"/></itemset></select1><select ref="/data/likes"><label>l</label><item><label>x</label>'
    "<value>x</value></item><item><label>y</label><value>y</value></item></select>"
    '<input ref="/data/alone"/><repeat nodeset="/data/house"><input ref="/data/house/street"/>'
    '<input ref="/data/house/rooms"/><repeat nodeset="/data/house/person">'
    '<input ref="/data/house/person/name"/><input ref="/data/house/person/age"/>'
    '<input ref="/data/house/person/school"/></repeat></repeat>',
    model='<itext><translation lang="en"><text id="hello"><value>Hello</value></text></translation>'
    '<translation lang="ko"><text id="hello"><value>안녕하세요</value></text></translation></itext>',
)
_VALUES = {
    "kind": ("city", "none", ""),
    "town": ("a", "b", "c", ""),
    "likes": ("x", "x y", "y", ""),
    "rooms": ("3", "12", ""),
    "age": ("7", "17", "18", "80", ""),
}
_FREE = frozenset({"kind", "likes", "alone", "street", "rooms", "name", "age", "school"})
"""Questions whose answers nothing but a person changes."""
_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "answer", "clear", "add", "remove", "back", "language"]),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    max_size=30,
)
Moves = list[tuple[str, int, int]]


def _leaves(node: InstanceNode) -> Iterator[InstanceNode]:
    if not node.definition.children:
        yield node
    for child in node.members:
        yield from _leaves(child)


def _root(session: Session) -> InstanceNode:
    return session.node("/data")


def _repeats(session: Session) -> list[Ref]:
    houses = session.repeat(Ref("/data/house"))
    return [houses.ref, *(Ref(f"{house}/person") for house in houses.instances)]


def _step(session: Session, move: tuple[str, int, int], number: int) -> Step | None:
    """What a move means now; None where there is nothing to do, or nothing to write down."""
    what, which, value = move
    at = NOW + timedelta(seconds=number)
    asked = [leaf for leaf in _leaves(_root(session)) if leaf.active and leaf.definition.control is not None]
    match what:
        case "answer" | "clear":
            leaf = asked[which % len(asked)]
            values = _VALUES.get(leaf.local, ("one", "two", "예", "<&>", ""))
            return Answer(at, ref_of(leaf), "" if what == "clear" else values[value % len(values)])
        case "add":
            repeats = _repeats(session)
            return AddRepeat(at, repeats[which % len(repeats)])
        case "remove":
            members = [each for ref in _repeats(session) for each in session.repeat(ref).instances]
            return RemoveRepeat(at, members[which % len(members)]) if members else None
        case "language":
            return ChangeLanguage(at, ("en", "ko")[which % 2])
        case _:
            screens = session.screens()
            session.previous(screens[which % len(screens)])
            return None


def _walk(session: Session, moves: Moves, start: int = 0) -> Iterator[Step]:
    for number, move in enumerate(moves, start):
        step = _step(session, move, number)
        if step is not None:
            session.apply(step)
            yield step


@settings(max_examples=60, deadline=None)
@given(_MOVES)
def test_nothing_relevant_is_lost_and_nothing_else_is_seen_or_sent(moves: Moves) -> None:
    session = opened(FORM)
    said: dict[int, tuple[InstanceNode, str]] = {}
    for step in _walk(session, moves):
        if isinstance(step, Answer):
            node = session.node(step.ref)
            if node.local in _FREE:
                said[id(node)] = (node, step.value)
        leaves = list(_leaves(_root(session)))
        for leaf in leaves:
            if not leaf.active:
                assert leaf.text == ""
            elif id(leaf) in said:
                assert leaf.text == said[id(leaf)][1]
        sent = etree.fromstring(session.submission())
        relevant = sum(1 for leaf in leaves if leaf.active)
        empty = sum(1 for each in sent.iter() if len(each) == 0 and each.tag in ("house", "person"))
        assert sum(1 for each in sent.iter() if len(each) == 0) - empty == relevant


@settings(max_examples=60, deadline=None)
@given(_MOVES)
def test_working_everything_out_again_changes_nothing(moves: Moves) -> None:
    session = opened(FORM)
    for _ in _walk(session, moves):
        before = session.submission()
        recalculation = session._recalculation
        recalculation.schedule_below(_root(session))
        recalculation.settle()
        assert session.submission() == before


@settings(max_examples=60, deadline=None)
@given(_MOVES, st.integers(0, 30))
def test_a_session_put_down_and_taken_up_elsewhere_goes_on_the_same(moves: Moves, cut: int) -> None:
    here = opened(FORM)
    list(_walk(here, moves[:cut]))
    written = json.dumps([here.opening.to_json(), [step.to_json() for step in here.steps]])
    opening, steps = json.loads(written)
    there = Session.replay(FORM, opening_from_json(opening), [step_from_json(each) for each in steps])
    for session in (here, there):
        list(_walk(session, moves[cut:], cut))
    assert there.submission() == here.submission()
    assert there.screens() == here.screens()
    assert there.violations() == here.violations()
