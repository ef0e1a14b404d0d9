import pytest

from kiosk.forms import ChangeLanguage, Ref
from tests.forms.writing import NOW, answer, form, opened

_ITEXT = (
    '<itext><translation lang="English (en)" default="true()">'
    '<text id="n:label"><value>What is your name?</value><value form="short">Name</value>'
    '<value form="audio">jr://audio/name.mp3</value></text>'
    '<text id="n:hint"><value>As in your passport</value><value form="guidance">Letters only</value></text>'
    '<text id="hi"><value>Hello, <output value="/data/n"/></value></text></translation>'
    '<translation lang="Русский (ru)"><text id="n:label"><value>Как вас зовут?</value></text>'
    '<text id="hi"><value>Здравствуйте, <output value="/data/n"/></value></text></translation></itext>'
)
_FORM = form(
    "<n/><greeting/><said/>",
    '<bind nodeset="/data/greeting" readonly="true()"/>'
    '<bind nodeset="/data/said" calculate="jr:itext(\'hi\')"/>',
    '<input ref="/data/n"><label ref="jr:itext(\'n:label\')"/><hint ref="jr:itext(\'n:hint\')"/></input>'
    '<input ref="/data/greeting"><label ref="jr:itext(\'hi\')"/></input>',
    model=_ITEXT,
)


def test_every_form_of_a_text_reaches_the_screen() -> None:
    question = opened(_FORM).question(Ref("/data/n"))
    assert question.label == "What is your name?"
    assert question.short_label == "Name"
    assert question.hint == "As in your passport"
    assert question.guidance == "Letters only"
    assert question.audio == "name.mp3"


def test_a_change_of_language_changes_words_and_what_is_calculated_from_them() -> None:
    session = opened(_FORM)
    answer(session, "/data/n", "Anna")
    assert session.question(Ref("/data/greeting")).label == "Hello, Anna"
    session.apply(ChangeLanguage(NOW, "Русский (ru)"))
    assert session.question(Ref("/data/greeting")).label == "Здравствуйте, Anna"
    assert session.value(Ref("/data/said")) == "Здравствуйте, Anna"


def test_a_missing_translation_falls_back_to_the_default_language() -> None:
    session = opened(_FORM, language="Русский (ru)")
    assert session.question(Ref("/data/n")).label == "Как вас зовут?"
    assert session.question(Ref("/data/n")).hint == "As in your passport"


@pytest.mark.parametrize(("tag", "name"), [("ru", "Русский (ru)"), ("en-GB", "English (en)"), ("ko", None)])
def test_a_language_is_found_by_its_tag(tag: str, name: str | None) -> None:
    assert _FORM.language_for(tag) == name


def test_setting_the_language_is_a_step_like_any_other() -> None:
    session = opened(_FORM)
    session.language = "Русский (ru)"
    assert session.language == "Русский (ru)"
    assert [type(step) for step in session.steps] == [ChangeLanguage]


@pytest.mark.parametrize(
    ("language", "written"),
    [("English (en)", "3 Nov"), ("Русский (ru)", "3 нояб."), ("한국어 (ko)", "3 11월")],
)
def test_a_written_out_date_is_in_the_forms_language(language: str, written: str) -> None:
    translations = "".join(
        f'<translation lang="{name}"><text id="x"><value>x</value></text></translation>'
        for name in ("English (en)", "Русский (ru)", "한국어 (ko)")
    )
    some = form(
        "<d>1948-11-03</d><said/>",
        '<bind nodeset="/data/said" calculate="format-date(/data/d, \'%e %b\')"/>',
        model=f"<itext>{translations}</itext>",
    )
    assert opened(some, language=language).value(Ref("/data/said")) == written
