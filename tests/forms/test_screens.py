import pytest

from kiosk.forms import QuestionKind, Ref, Session
from tests.forms.writing import answer, form, inputs, opened


def _every_kind() -> Session:
    types = {
        "text": ("input", "string", ""),
        "integer": ("input", "int", ""),
        "decimal": ("input", "decimal", ""),
        "date": ("input", "date", ""),
        "time": ("input", "time", ""),
        "datetime": ("input", "dateTime", ""),
        "geopoint": ("input", "geopoint", ""),
        "barcode": ("input", "barcode", ""),
        "select_one": ("select1", "string", ""),
        "select_multiple": ("select", "string", ""),
        "rank": ("odk:rank", "odk:rank", ""),
        "range": ("range", "int", 'start="1" end="5" step="2"'),
        "acknowledge": ("trigger", "string", ""),
        "image": ("upload", "binary", 'mediatype="image/*"'),
        "signature": ("upload", "binary", 'mediatype="image/*" appearance="signature"'),
        "audio": ("upload", "binary", 'mediatype="audio/*"'),
        "video": ("upload", "binary", 'mediatype="video/*"'),
        "file": ("upload", "binary", 'mediatype="application/*"'),
    }
    return opened(
        form(
            "".join(f"<{name}/>" for name in types),
            "".join(f'<bind nodeset="/data/{name}" type="{t}"/>' for name, (_, t, _) in types.items()),
            "".join(
                f'<{element} ref="/data/{name}" {more}><label>{name}</label></{element}>'
                for name, (element, _, more) in types.items()
            ),
        )
    )


def test_every_control_makes_the_question_that_it_is() -> None:
    session = _every_kind()
    for ref in session.screens():
        question = session.question(ref)
        assert question.kind == question.name
    assert session.question(Ref("/data/range")).range is not None


def test_walking_passes_over_what_is_not_relevant() -> None:
    session = opened(
        form("<a/><b/><c/>", '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/>', inputs("a", "b", "c"))
    )
    a, b, c = (Ref(f"/data/{name}") for name in "abc")
    assert session.next(None) == a
    assert session.next(a) == c
    answer(session, a, "yes")
    assert session.next(a) == b
    assert session.previous(c) == b
    answer(session, a, "no")
    # From a question that has just gone, the way leads on as if it were still there.
    assert session.next(b) == c
    assert session.previous(b) == a
    assert session.previous(a) is None
    assert session.next(c) is None


def test_the_groups_around_a_question_are_its_section() -> None:
    session = opened(
        form(
            "<g><h><a/></h></g>",
            body='<group ref="/data/g"><label>Income</label><group ref="/data/g/h"><label>Pension</label>'
            '<input ref="/data/g/h/a"><label>How much?</label></input></group></group>',
        )
    )
    assert session.question(Ref("/data/g/h/a")).section == ("Income", "Pension")


@pytest.mark.parametrize("behind", ["", '<input ref="/data/thanks"><label>Thank you</label></input>'])
def test_a_signature_at_the_end_is_known_as_the_last_with_or_without_a_note_behind_it(behind: str) -> None:
    session = opened(
        form(
            "<a/><sign/><thanks/>",
            '<bind nodeset="/data/sign" type="binary"/><bind nodeset="/data/thanks" readonly="true()"/>',
            inputs("a") + '<upload ref="/data/sign" mediatype="image/*" appearance="signature"/>' + behind,
        )
    )
    assert session.question(Ref("/data/sign")).is_last_signature


def test_a_signature_in_the_middle_is_not_the_last() -> None:
    session = opened(
        form(
            "<sign/><a/>",
            '<bind nodeset="/data/sign" type="binary"/>',
            '<upload ref="/data/sign" mediatype="image/*" appearance="signature"/>' + inputs("a"),
        )
    )
    assert not session.question(Ref("/data/sign")).is_last_signature


def test_private_answers_are_marked_by_bind_by_appearance_or_by_number() -> None:
    session = opened(
        form(
            "<plain/><marked/><masked/><number/>",
            '<bind nodeset="/data/marked" opora:private="true()"/>'
            '<bind nodeset="/data/number" opora:number="us.ssn"/>',
            inputs("plain", "marked", "number") + '<input ref="/data/masked" appearance="masked"/>',
        )
    )
    private = {ref for ref in session.screens() if session.question(ref).private}
    assert private == {"/data/marked", "/data/masked", "/data/number"}


def test_a_text_that_cannot_be_changed_is_a_note() -> None:
    session = opened(form("<n/>", '<bind nodeset="/data/n" type="string" readonly="true()"/>', inputs("n")))
    assert session.question(Ref("/data/n")).kind is QuestionKind.NOTE
