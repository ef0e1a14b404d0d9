from lxml import etree

from kiosk.forms import Ref, Session
from tests.forms.writing import NOW, answer, form, inputs, opened


def test_the_submission_is_canonical_and_keeps_the_forms_identity() -> None:
    session = opened(form("<a/><b/>", body=inputs("a", "b")), seed=3)
    answer(session, "/data/a", 'Anna & "Boris" <x>')
    assert (
        session.submission()
        == (
            '<data id="a-form" version="7"><a>Anna &amp; "Boris" &lt;x&gt;</a><b/>'
            f"<meta><instanceID>{session.instance_id}</instanceID></meta></data>"
        ).encode()
    )


def test_entries_of_our_own_stand_in_meta_in_our_namespace() -> None:
    session = opened(form("<a/>", body=inputs("a")))
    root = etree.fromstring(
        session.submission({"reference": "123456789012345", "onbehalf": "carer & friend"})
    )
    found = {
        etree.QName(each).localname: each.text for each in root.iterfind("meta/{https://opora.invalid/ns}*")
    }
    assert found == {"reference": "123456789012345", "onbehalf": "carer & friend"}


def test_letters_that_xml_cannot_hold_are_left_out() -> None:
    session = opened(form("<a/>", body=inputs("a")))
    answer(session, "/data/a", "a\x00b\x0bc\ud800d")
    assert etree.fromstring(session.submission()).findtext("a") == "abcd"


def test_a_record_opened_again_continues_where_it_was() -> None:
    some = form(
        "<a/><b>first</b><c/>",
        '<bind nodeset="/data/b" relevant="/data/a != \'hide\'"/>'
        '<bind nodeset="/data/c" calculate="concat(/data/a, /data/b)"/>',
        inputs("a", "b"),
    )
    session = opened(some)
    answer(session, "/data/a", "x")
    answer(session, "/data/b", "y")
    again = Session.resume(some, session.opening, session.submission())
    assert again.submission() == session.submission()


def test_a_record_submitted_before_gets_a_new_identity_and_names_the_old_one() -> None:
    some = form("<a/>", body=inputs("a"))
    first = opened(some, seed=1)
    revised = Session.resume(some, opened(some, seed=2).opening, first.submission(), edited=True)
    root = etree.fromstring(revised.submission())
    assert root.findtext("meta/deprecatedID") == first.instance_id
    assert root.findtext("meta/instanceID") == revised.instance_id != first.instance_id


def test_a_form_without_meta_still_gets_an_identity() -> None:
    from kiosk.forms import Opening, parse_form

    source = (
        b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>'
        b'<instance><data id="x"><a/></data></instance></model></h:head>'
        b'<h:body><input ref="/data/a"/></h:body></h:html>'
    )
    session = Session(parse_form(source), Opening(NOW, 1))
    assert session.instance_id in session.submission().decode()
    assert session.value(Ref("/data/a")) == ""


def test_numbers_are_written_as_odk_clients_write_them() -> None:
    session = opened(
        form(
            "<whole>2.9</whole><part>2</part><said/><sum/>",
            '<bind nodeset="/data/whole" type="int"/><bind nodeset="/data/part" type="decimal"/>'
            '<bind nodeset="/data/said" type="decimal"/>'
            '<bind nodeset="/data/sum" calculate="concat(/data/part, \' and \', /data/said)"/>',
            inputs("whole", "part", "said"),
        )
    )
    answer(session, "/data/said", "007.50")
    written = session.submission()
    assert b"<whole>2</whole><part>2.0</part><said>7.5</said><sum>2 and 7.5</sum>" in written


def test_what_a_calculation_gives_that_is_no_date_is_left_out_of_a_date() -> None:
    session = opened(form("<day/>", '<bind nodeset="/data/day" type="date" calculate="today() + 1"/>'))
    assert session.value(Ref("/data/day")) == ""
