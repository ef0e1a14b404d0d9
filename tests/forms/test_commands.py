from pathlib import Path

from click.testing import CliRunner
from lxml import etree

from tests.forms.writing import inputs, xml
from ui.commands.forms import forms


def _file(folder: Path, source: bytes) -> str:
    file = folder / "form.xml"
    file.write_bytes(source)
    return str(file)


def test_filling_writes_the_submission(tmp_path: Path) -> None:
    source = xml("<a/>", '<bind nodeset="/data/a" required="true()"/>', inputs("a"))
    out = tmp_path / "filled.xml"
    result = CliRunner().invoke(forms, ["fill", _file(tmp_path, source), "--seed", "4", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert etree.fromstring(out.read_bytes()).findtext("a")


def test_filling_uses_the_tables_that_lie_beside_the_form(tmp_path: Path) -> None:
    (tmp_path / "banks.csv").write_text("name,label\nkb,Kookmin\n")
    source = xml(
        "<a/>",
        '<instance id="banks" src="jr://file-csv/banks.csv"/><bind nodeset="/data/a" required="true()"/>',
        '<select1 ref="/data/a"><label>Bank</label><itemset nodeset="instance(\'banks\')/root/item">'
        '<value ref="name"/><label ref="label"/></itemset></select1>',
    )
    result = CliRunner().invoke(forms, ["fill", _file(tmp_path, source)])
    assert "<a>kb</a>" in result.output


def test_a_form_that_cannot_run_is_refused_in_words_and_without_a_traceback(tmp_path: Path) -> None:
    for command in ("check", "fill"):
        result = CliRunner().invoke(forms, [command, _file(tmp_path, b"<broken")], env={"LANG": "en"})
        assert result.exit_code == 1
        assert "cannot be read" in result.output
        assert isinstance(result.exception, SystemExit)


def test_checking_fails_only_for_what_a_kiosk_cannot_ask(tmp_path: Path) -> None:
    runner = CliRunner(env={"LANG": "en"})
    fine = xml("<a/>", '<bind nodeset="/data/a" constraint="sum(/data/a) &gt; 0"/>', inputs("a"))
    result = runner.invoke(forms, ["check", _file(tmp_path, fine)])
    assert result.exit_code == 0
    assert "blank in a sum" in result.output
    bad = xml("<a/>", '<bind nodeset="/data/a" type="geotrace" required="true()"/>', inputs("a"))
    result = runner.invoke(forms, ["check", _file(tmp_path, bad)])
    assert result.exit_code == 1
    assert "1 fault to mend." in result.output
