import pytest

from kiosk.forms import Level, check_form
from kiosk.texts import texts_for
from tests.forms.writing import inputs, xml


def _levels(source: bytes, part: str) -> list[Level]:
    return [finding.level for finding in check_form(source) if part in str(finding)]


def test_nothing_is_said_of_a_plain_form() -> None:
    assert check_form(xml("<a/>", body=inputs("a"))) == ()


def test_a_form_that_cannot_run_is_one_error_with_its_place() -> None:
    found = check_form(xml("<a/>", '<bind nodeset="/data/a" calculate="1 +"/>'))
    assert found[0].level is Level.ERROR
    assert found[0].where == "/data/a"


@pytest.mark.parametrize(("required", "level"), [("", Level.WARNING), ('required="true()"', Level.ERROR)])
def test_a_position_can_be_left_blank_but_not_required(required: str, level: Level) -> None:
    source = xml("<a/>", f'<bind nodeset="/data/a" type="geopoint" {required}/>', inputs("a"))
    assert _levels(source, "cannot ask") == [level]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("sum(/data/a) &gt; 1", "blank in a sum"),
        ("'2020-01-01' &lt; today()", "date is compared"),
        ("regex(., '[0-9]+')", "pattern matches anywhere"),
        ("boolean(/data/b)", "boolean()"),
        ("/data/b[1] = ''", "number in brackets"),
        ("floor(/data/b) = 1", "no function floor"),
    ],
)
def test_where_engines_differ_the_author_hears_of_it(rule: str, part: str) -> None:
    source = xml("<a/><b/>", f'<bind nodeset="/data/a" constraint="{rule}"/>', inputs("a", "b"))
    assert _levels(source, part) == [Level.NOTE]


def test_a_path_into_ones_own_repeat_from_the_root_is_a_warning() -> None:
    source = xml(
        "<r><a/><b/></r>",
        '<bind nodeset="/data/r/b" calculate="/data/r/a * 2"/>',
        '<repeat nodeset="/data/r"><input ref="/data/r/a"><label>a</label></input></repeat>',
    )
    assert _levels(source, "first member") == [Level.WARNING]


def test_a_number_that_nobody_can_check_is_an_error() -> None:
    source = xml("<a/>", '<bind nodeset="/data/a" opora:number="xx.none"/>', inputs("a"))
    assert _levels(source, "no check") == [Level.ERROR]


def test_money_that_nobody_knows_is_an_error() -> None:
    for code, levels in (("XRB", [Level.ERROR]), ("rub", [])):
        bind = f'<bind nodeset="/data/a" type="int" opora:currency="{code}"/>'
        assert _levels(xml("<a/>", bind, inputs("a")), "no money") == levels


def test_findings_are_said_in_russian_and_korean_too() -> None:
    source = xml("<a/>", '<bind nodeset="/data/a" type="geopoint" required="true()"/>', inputs("a"))
    sentence = check_form(source)[0].sentence
    assert texts_for("ru").message(sentence) != sentence.msgid
    assert texts_for("ko").message(sentence) != sentence.msgid


@pytest.mark.parametrize(("rule", "warned"), [("today() + 7", 1), ("date(today() + 7)", 0)])
def test_a_number_of_days_in_a_date_is_a_warning(rule: str, warned: int) -> None:
    source = xml("<a/>", f'<bind nodeset="/data/a" type="date" calculate="{rule}"/>')
    assert _levels(source, "number of days") == [Level.WARNING] * warned


def test_a_finding_names_the_column_that_it_is_about() -> None:
    source = xml("<a/>", '<bind nodeset="/data/a" relevant="sum(/data/a) &gt; 1" type="audio"/>', inputs("a"))
    assert {finding.column for finding in check_form(source)} == {"relevant"}
