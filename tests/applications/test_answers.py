"""Answers in lines: the submission comes back byte for byte, or it is sealed as XML."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.applications.answers import AnswersError, from_lines, in_lines, names_in_order
from kiosk.applications.submission import compressed
from kiosk.forms import fill_randomly, parse_form
from tests.bench.corpus import applications

FORM = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance>
<data id="d" version="1"><name/><home><street/><flat/></home>
<member jr:template=""><first/><pet jr:template=""><call/></pet></member>
<member><first/><pet><call/></pet></member>
<last/><orx:meta><orx:instanceID/></orx:meta></data></instance></model></h:head></h:html>"""
ROOT = (
    '<data xmlns:orx="http://openrosa.org/xforms" xmlns:opora="https://opora.invalid/ns" id="d" version="1">'
)


def whole(content: str, root: str = ROOT) -> bytes:
    return f"{root}{content}</data>".encode() if content else f"{root[:-1]}/>".encode()


def test_applications_of_the_demonstration_come_back_and_cost_a_third_less(tmp_path: Path) -> None:
    in_all = as_xml = 0
    for one in applications(60, tmp_path):
        lines = in_lines(one.xml, one.form_xml)
        assert lines is not None
        assert from_lines(lines, one.form_xml) == one.xml
        in_all += len(compressed(lines, one.form_xml))
        as_xml += len(compressed(one.xml, one.form_xml))
    assert in_all < 0.7 * as_xml


def test_a_line_for_each_answer_in_the_order_of_the_form() -> None:
    xml = whole(
        "<name>Anna</name><home><street>Lane\n2</street></home><member><first>Ivo</first>"
        "<pet><call>Rex</call></pet><pet><call>*pet</call></pet></member><member><first/></member>"
        "<orx:meta><orx:instanceID>uuid:1</orx:instanceID><opora:reference>123</opora:reference></orx:meta>"
    )
    assert in_lines(xml, FORM) == (
        b"1\n\nAnna\nLane\\n2\n-\nIvo\nRex\n*pet\n\\*pet\n*member\n\n--\n-\nuuid:1\n123"
    )
    assert list(names_in_order(FORM))[:4] == [
        "data/name",
        "data/home/street",
        "data/home/flat",
        "data/member/first",
    ]


texts = st.text(
    st.one_of(st.sampled_from("-*\\<\n 1a"), st.characters(exclude_categories=["Cs", "Cc"])), max_size=8
).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


@st.composite
def submissions(draw: st.DrawFn) -> bytes:
    def leaf(name: str) -> str:
        text = draw(texts)
        return draw(st.sampled_from([f"<{name}>{text}</{name}>" if text else f"<{name}/>", ""]))

    def some(name: str, inner: object, most: int = 3) -> str:
        made = [inner() for _ in range(draw(st.integers(0, most)))]  # type: ignore[operator]
        return "".join(f"<{name}>{each}</{name}>" if each else f"<{name}/>" for each in made)

    def member() -> str:
        return leaf("first") + some("pet", lambda: leaf("call"))

    content = leaf("name") + some("home", lambda: leaf("street") + leaf("flat"), 1) + some("member", member)
    meta = draw(st.sampled_from(["", "<opora:reference>1</opora:reference>", "<orx:more>x\ny</orx:more>"]))
    return whole(content + leaf("last") + some("orx:meta", lambda: leaf("orx:instanceID") + meta, 1))


@given(submissions())
def test_whatever_people_leave_out_repeat_or_write_comes_back(xml: bytes) -> None:
    lines = in_lines(xml, FORM)
    assert lines is not None
    assert lines[:1] != b"<"
    assert from_lines(lines, FORM) == xml


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<data",
        b"no xml",
        whole("<name>Anna</name>text"),
        whole('<name kind="x">Anna</name>'),
        whole(
            "<last>1</last><name>Anna</name><home><street/></home><member><first/><first><x/></first></member>x"
        ),
        whole("<name><b/></name>"),
        whole("<name>A</name >"),
        whole("<!--note--><name>A</name>"),
        whole("<name></name>"),
        b"\xff\xfe",
    ],
)
def test_what_would_not_come_back_is_left_as_it_is(xml: bytes) -> None:
    assert in_lines(xml, FORM) is None


@given(st.lists(st.sampled_from(["", "-", "--", "*pet", "*member", "<x/>", "\\", "a"]), max_size=20))
def test_strange_lines_are_xml_or_an_error_and_never_a_crash(lines: list[str]) -> None:
    try:
        xml = from_lines("\n".join(["1", "", *lines]).encode(), FORM)
    except AnswersError:
        return
    assert xml.startswith(b"<data")


def test_a_payload_cannot_swell_without_end() -> None:
    with pytest.raises(AnswersError):
        from_lines(b"1\n" + b"\n" * 300_000, FORM)


REAL = (
    "soar_facility_survey_kenya.xml",
    "odk_all_question_types.xml",
    "enketo_all_widgets.xml",
    "socio_economic_survey.xml",
    "converted/reach_msna_2024_draft_v11.xlsx.xml",
)


@pytest.mark.parametrize("name", REAL)
def test_real_forms_come_back_and_cost_half(shared_data: Path, name: str) -> None:
    source = (shared_data / "forms" / name).read_bytes()
    form = parse_form(source)
    xml = fill_randomly(form, 5).submission({"reference": "1" * 15})
    lines = in_lines(xml, source)
    assert lines is not None
    assert from_lines(lines, source) == xml
    assert len(compressed(lines, source)) < 0.6 * len(compressed(xml, source))
