"""A form that cannot run is refused with a sentence, in bounded time and memory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import FormFault
from kiosk.forms import Ref, parse_form
from kiosk.forms.xform_parser import LARGEST_MB
from kiosk.texts import LANGUAGES, texts_for
from tests.forms.writing import form, inputs, opened, xml

_GOOD = xml("<a/>", body=inputs("a"))
_LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    + "]>"
)


def _refusal(source: bytes) -> FormFault:
    with pytest.raises(FormFault) as caught:
        parse_form(source)
    for language in LANGUAGES:
        words = texts_for(language).message(caught.value.title)
        assert words
        assert "{" not in words
    return caught.value


def test_the_form_that_the_others_are_made_of_is_good() -> None:
    assert parse_form(_GOOD).id == "a-form"


@pytest.mark.parametrize("cut", [0, 1, 40, 300, len(_GOOD) - 3])
def test_a_truncated_form_is_refused(cut: int) -> None:
    assert "damaged" in _refusal(_GOOD[:cut]).title.msgid


def test_a_form_in_another_encoding_than_it_says_is_refused() -> None:
    assert "damaged" in _refusal(_GOOD.replace(b"A form", "Анкета".encode("cp1251"))).title.msgid


def test_a_form_in_an_encoding_that_there_is_not_is_refused() -> None:
    _refusal(b'<?xml version="1.0" encoding="klingon-8"?>' + _GOOD)


def test_a_billion_laughs_are_refused_unread() -> None:
    source = _LAUGHS.encode() + _GOOD.replace(b"A form", b"&a12;")
    assert "entities" in _refusal(source).title.msgid


def test_a_billion_laughs_in_utf_16_are_refused() -> None:
    source = (_LAUGHS + _GOOD.decode().replace("A form", "&a12;")).encode("utf-16")
    _refusal(source)


def test_an_entity_from_outside_is_refused() -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    assert "entities" in _refusal(doctype + _GOOD.replace(b"A form", b"&secret;")).title.msgid


def test_a_form_of_more_than_fifty_megabytes_is_refused() -> None:
    assert "large" in _refusal(b" " * (LARGEST_MB * 1024 * 1024 + 1)).title.msgid


@pytest.mark.parametrize("source", [b"<html/>", b"<x><head><model/></head><body/></x>", b"%PDF-1.7"])
def test_what_is_no_form_is_refused(source: bytes) -> None:
    _refusal(source)


@pytest.mark.parametrize(
    "binds",
    [
        '<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/>',
        '<bind nodeset="/data/a" calculate=". + 1"/>',
        '<bind nodeset="/data/a" calculate="../b"/><bind nodeset="/data/b" calculate="../c"/>'
        '<bind nodeset="/data/c" calculate="string(/data/a)"/>',
    ],
)
def test_calculations_that_go_in_a_circle_are_refused(binds: str) -> None:
    fault = _refusal(xml("<a/><b/><c/>", binds))
    assert "circle" in fault.title.msgid
    assert "a" in str(fault.title.gaps["names"])


@pytest.mark.parametrize(
    "rule", ["1 +", "no-such-function(1)", "concat('a'", "count()", "$x", "(" * 500 + ")" * 500]
)
def test_a_rule_that_cannot_be_understood_is_refused_and_its_place_is_named(rule: str) -> None:
    fault = _refusal(xml("<a/>", f'<bind nodeset="/data/a" relevant="{rule}"/>'))
    assert fault.title.gaps["where"] == "/data/a"


def test_a_hundred_conditions_one_within_the_other_still_run() -> None:
    rule = "'x'"
    for _ in range(100):
        rule = f"if(/data/a = '1', 'y', {rule})"
    session = opened(form("<a/><b/>", f'<bind nodeset="/data/b" calculate="{rule}"/>', inputs("a")))
    assert session.value(Ref("/data/b")) == "x"


def test_a_thousand_terms_in_a_row_still_run() -> None:
    rule = " + ".join(["1"] * 300)
    session = opened(form("<b/>", f'<bind nodeset="/data/b" calculate="{rule}"/>'))
    assert session.value(Ref("/data/b")) == "300"


def test_rules_that_feed_each_other_through_predicates_come_to_an_end() -> None:
    session = opened(
        form(
            "<a/><b/>", '<bind nodeset="/data/a" calculate="coalesce(/data[b != \'\' or true()]/a, 0) + 1"/>'
        )
    )
    assert session.value(Ref("/data/a")) != ""


def test_a_bind_of_a_node_that_is_not_there_is_a_warning() -> None:
    assert any("/data/zz" in warning for warning in form("<a/>", '<bind nodeset="/data/zz"/>').warnings)


def test_rules_that_all_look_at_everything_are_refused_before_they_freeze_a_kiosk() -> None:
    names = [f"q{number}" for number in range(900)]
    binds = "".join(f'<bind nodeset="/data/{name}" relevant="count(//*) &gt; 1"/>' for name in names)
    fault = _refusal(xml("".join(f"<{name}/>" for name in names), binds))
    assert "too often" in fault.title.msgid


def _nested(element: str, attribute: str, depth: int) -> bytes:
    instance, body, path = "<leaf/>", "", "/data"
    for _ in range(depth):
        instance = f"<g>{instance}</g>"
        path += "/g"
    body = f'<input ref="{path}/leaf"/>'
    for level in range(depth, 0, -1):
        body = f'<{element} {attribute}="/data{"/g" * level}">{body}</{element}>'
    return xml(instance, body=body)


@pytest.mark.parametrize(("element", "attribute"), [("group", "ref"), ("repeat", "nodeset")])
@pytest.mark.parametrize("depth", [60, 240, 2000])
def test_groups_however_deep_are_read_or_refused(element: str, attribute: str, depth: int) -> None:
    try:
        form_ = parse_form(_nested(element, attribute, depth))
    except FormFault:
        assert depth > 60
        return
    session = opened(form_)
    assert session.screens()
    assert session.violations() == ()
    assert b"leaf" in session.submission()


_WHOLE = xml(
    '<a>1</a><r jr:template=""><b/><c/></r><d/>',
    '<bind nodeset="/data/a" type="int" constraint=". &gt; 0" relevant="true()"/>'
    '<bind nodeset="/data/r/c" calculate="../b * position(..)"/>'
    '<instance id="t"><root><item><name>x</name></item></root></instance>'
    '<setvalue event="odk-instance-first-load" ref="/data/d" value="count(/data/r)"/>',
    inputs("a") + '<group ref="/data/r"><label>r</label><repeat nodeset="/data/r" jr:count="/data/a">'
    '<input ref="/data/r/b"><label ref="jr:itext(\'k\')"/></input></repeat></group>'
    '<select1 ref="/data/d"><itemset nodeset="instance(\'t\')/root/item[name != /data/a]">'
    '<value ref="name"/><label ref="name"/></itemset></select1>',
    model='<itext><translation lang="en"><text id="k"><value>B <output value="../c"/></value></text>'
    "</translation></itext>",
)
_EDITS = st.lists(
    st.tuples(
        st.integers(0, len(_WHOLE) - 1),
        st.integers(0, 30),
        st.sampled_from(
            [b"", b"<", b">", b'"', b"/", b"data", b"[", b"(", b"r", b"\xff", b"&#0;", b"0", b"jr:count"]
        ),
    ),
    max_size=4,
)


@settings(max_examples=250, deadline=None)
@given(_EDITS)
def test_a_form_with_slips_of_the_pen_runs_or_is_refused(edits: list[tuple[int, int, bytes]]) -> None:
    source = _WHOLE
    for at, length, instead in edits:
        source = source[:at] + instead + source[at + length :]
    try:
        session = opened(parse_form(source))
        for ref in session.screens():
            session.question(ref)
        session.violations()
        session.submission()
    except FormFault:
        return
