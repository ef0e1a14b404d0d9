import pytest

from kiosk.errors import FormFault
from kiosk.forms import Form, Ref
from tests.forms.writing import answer, form, inputs, opened

_TOWNS = (
    '<instance id="towns"><root>'
    "<item><name>seoul</name><label>Seoul</label><land>kr</land></item>"
    "<item><name>busan</name><label>Busan</label><land>kr</land></item>"
    "<item><name>kazan</name><label>Kazan</label><land>ru</land></item></root></instance>"
)
_LANDS = (
    '<select1 ref="/data/land"><label>Land</label><item><label>Korea</label><value>kr</value></item>'
    "<item><label>Russia</label><value>ru</value></item></select1>"
)
TOWN = Ref("/data/town")


def _form(
    element: str, nodeset: str = "instance('towns')/root/item[land = /data/land]", binds: str = ""
) -> Form:
    return form(
        "<land/><town/><said/>",
        _TOWNS + binds,
        f'{_LANDS}<{element} ref="/data/town"><label>Town</label><itemset nodeset="{nodeset}">'
        f'<value ref="name"/><label ref="label"/></itemset></{element}>',
    )


def test_choices_follow_an_earlier_answer_and_a_choice_that_is_gone_is_dropped() -> None:
    session = opened(_form("select1"))
    assert session.question(TOWN).choices == ()
    answer(session, "/data/land", "kr")
    assert [choice.label for choice in session.question(TOWN).choices] == ["Seoul", "Busan"]
    answer(session, TOWN, "busan")
    assert session.display(TOWN) == "Busan"
    answer(session, "/data/land", "ru")
    assert session.value(TOWN) == ""


def test_a_choice_that_is_gone_comes_back_with_the_answer_that_allowed_it() -> None:
    session = opened(_form("select"))
    answer(session, "/data/land", "kr")
    answer(session, TOWN, "busan")
    answer(session, "/data/land", "ru")
    answer(session, "/data/land", "kr")
    assert session.value(TOWN) == "busan"
    answer(session, TOWN, "")
    answer(session, "/data/land", "ru")
    answer(session, "/data/land", "kr")
    assert session.value(TOWN) == ""


def test_what_is_no_choice_is_not_taken() -> None:
    session = opened(_form("select", "instance('towns')/root/item"))
    answer(session, TOWN, "kazan atlantis seoul")
    assert session.value(TOWN) == "seoul kazan"
    answer(session, "/data/land", "atlantis")
    assert session.value(Ref("/data/land")) == ""


def test_several_choices_are_kept_in_the_forms_order() -> None:
    session = opened(_form("select", "instance('towns')/root/item"))
    answer(session, TOWN, "kazan seoul")
    assert session.value(TOWN) == "seoul kazan"
    assert session.display(TOWN) == "Seoul, Kazan"


def test_a_ranking_takes_all_options_or_none() -> None:
    session = opened(_form("odk:rank", "instance('towns')/root/item"))
    assert not answer(session, TOWN, "kazan seoul").accepted
    assert session.value(TOWN) == ""
    assert answer(session, TOWN, "kazan seoul busan").accepted


def test_the_name_of_a_choice_can_be_calculated_with() -> None:
    binds = '<bind nodeset="/data/said" calculate="jr:choice-name(/data/town, \'/data/town\')"/>'
    session = opened(_form("select1", "instance('towns')/root/item", binds))
    answer(session, TOWN, "kazan")
    assert session.value(Ref("/data/said")) == "Kazan"


def test_a_random_order_is_the_same_whenever_it_is_looked_at_and_differs_between_sessions() -> None:
    some = _form("select1", "randomize(instance('towns')/root/item)")
    orders = set()
    for seed in range(12):
        session = opened(some, seed=seed)
        order = tuple(choice.value for choice in session.question(TOWN).choices)
        answer(session, "/data/land", "kr")
        assert tuple(choice.value for choice in session.question(TOWN).choices) == order
        orders.add(order)
    assert len(orders) > 1


def test_a_table_comes_from_a_file_beside_the_form_or_reads_as_empty_with_a_warning() -> None:
    instance = '<instance id="banks" src="jr://file-csv/banks.csv"/>'
    body = (
        '<select1 ref="/data/bank"><label>Bank</label><itemset nodeset="instance(\'banks\')/root/item">'
        '<value ref="code"/><label ref="title"/></itemset></select1>'
    )
    calculate = "<bind nodeset=\"/data/full\" calculate=\"pulldata('banks', 'title', 'code', /data/bank)\"/>"
    table = b'\xef\xbb\xbfcode,title\nkb,Kookmin\nnh,"Nonghyup, rural"\n'
    session = opened(form("<bank/><full/>", instance + calculate, body, attachments={"banks.csv": table}))
    assert [choice.label for choice in session.question(Ref("/data/bank")).choices] == [
        "Kookmin",
        "Nonghyup, rural",
    ]
    answer(session, "/data/bank", "nh")
    assert session.value(Ref("/data/full")) == "Nonghyup, rural"

    bare = form("<bank/><full/>", instance + calculate, body)
    assert any("banks.csv" in warning for warning in bare.warnings)
    assert opened(bare).question(Ref("/data/bank")).choices == ()


def test_members_of_a_repeat_can_be_chosen_from() -> None:
    session = opened(
        form(
            "<person><name>Anna</name></person><person><name>Boris</name></person><carer/>",
            body='<repeat nodeset="/data/person"><input ref="/data/person/name"/></repeat>'
            '<select1 ref="/data/carer"><itemset nodeset="/data/person[name != \'\']">'
            '<value ref="name"/><label ref="name"/></itemset></select1>',
        )
    )
    answer(session, "/data/carer", "Anna")
    answer(session, "/data/person[1]/name", "Alla")
    assert [choice.value for choice in session.question(Ref("/data/carer")).choices] == ["Alla", "Boris"]
    assert session.value(Ref("/data/carer")) == ""


def test_a_default_that_is_no_choice_is_left_out() -> None:
    choices = "".join(f"<item><label>{value}</label><value>{value}</value></item>" for value in "ab")
    session = opened(
        form(
            "<one>z</one><some>b  z a</some>",
            "",
            f'<select1 ref="/data/one"><label>One</label>{choices}</select1>'
            f'<select ref="/data/some"><label>Some</label>{choices}</select>',
        )
    )
    assert (session.value(Ref("/data/one")), session.value(Ref("/data/some"))) == ("", "b a")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b"name,label\na,A,more\n"),
        ("t.csv", "name,label\nа,А\n".encode("cp1251")),
        ("t.geojson", b'{"type": "FeatureCollection"}'),
        ("t.xml", b"<root><item></root>"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_rather_than_read_as_empty(name: str, content: bytes) -> None:
    instance = f'<instance id="t" src="jr://file/{name}"/>'
    with pytest.raises(FormFault, match=name):
        form("<a/>", instance, inputs("a"), attachments={name: content})


def test_a_short_row_of_a_table_has_blanks() -> None:
    session = opened(
        form(
            "<a/>",
            '<instance id="t" src="jr://file-csv/t.csv"/>'
            "<bind nodeset=\"/data/a\" calculate=\"join('|', instance('t')/root/item/label)\"/>",
            attachments={"t.csv": b"name,label\na,A\nb\nc,C\n"},
        )
    )
    assert session.value(Ref("/data/a")) == "A||C"
